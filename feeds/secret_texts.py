"""Keeps a provider's keys out of every text about it: kept payloads, log lines, errors."""

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus

HIDDEN: Final = "***"

_SHORTEST_SECRET: Final = 4


class SecretTexts:
    """Replaces a provider's secrets by `***`, in any spelling that an address or JSON gives them.

    A secret of fewer than four characters is left alone: cutting it would make texts unreadable.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def hide(self, text: str) -> str:
        """The text without secrets."""
        return text if self._known is None else self._known.sub(HIDDEN, text)


def _spellings(secret: str) -> set[str]:
    if len(secret) < _SHORTEST_SECRET:
        return set()
    return {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), quote_plus(secret)}
