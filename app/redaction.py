"""Keeps secrets out of every text that leaves the process: log lines, error messages, tables.

Known secrets are cut wherever they appear, in any of the spellings a library may give them;
the shapes of tokens, passwords and signatures catch what was never registered.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from bot.redaction import redact

HIDDEN = "***"

_SHORTEST_SECRET = 6
_SIGNED_REQUEST = re.compile(
    r"\b(signature|listenKey|apiKey|secret|X-MBX-APIKEY)(['\"]?\s*[=:]\s*['\"]?)[\w%+/-]{8,}",
    re.IGNORECASE | re.ASCII,
)
"""Queries and headers that carry an exchange's keys."""


class Redactor:
    """Replaces secrets in a text by `***`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _SIGNED_REQUEST.sub(rf"\1\2{HIDDEN}", redact(text))


def _spellings(secret: str) -> set[str]:
    """The secret as plain text, in JSON, in a Python repr and in an address."""
    if len(secret) < _SHORTEST_SECRET:
        return set()
    in_json = json.dumps(secret)[1:-1]
    return {secret, in_json, repr(secret)[1:-1], quote(secret, safe=""), quote_plus(secret)}
