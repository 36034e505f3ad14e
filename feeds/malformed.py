"""Payloads that make no sense: the newest of each provider is kept where an operator can read it.

One file per provider, always the same name and at most some 2 KB, so that nothing can grow.
"""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from feeds.secret_texts import SecretTexts

KEPT_CHARACTERS: Final = 2048

_LONGEST_REASON: Final = 300
_NO_FILE_NAME: Final = re.compile(r"[^a-z0-9_-]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

log = structlog.get_logger()


class MalformedPayloads:
    """Keeps, counts, and reports once until the provider makes sense again."""

    def __init__(self, folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._folder = folder
        self._told: set[str] = set()

    def path(self, provider: str) -> Path:
        """Where the newest senseless payload of a provider is kept."""
        return self._folder / f"{_NO_FILE_NAME.sub('_', provider.lower())}.txt"

    def keep(
        self, provider: str, body: str | bytes, reason: str, at: datetime, secrets: SecretTexts
    ) -> None:
        """Keep the beginning of a payload, without secrets."""
        self.counts[provider] += 1
        told = one_line(secrets.hide(reason))
        plain = body.decode(errors="replace") if isinstance(body, bytes) else body
        # The secrets go first: cut in two, one would no longer be recognised.
        beginning = _CONTROL.sub("?", secrets.hide(plain)[:KEPT_CHARACTERS])
        self._write(provider, f"{at:%Y-%m-%d %H:%M:%S} UTC  {told}\n\n{beginning}\n")
        if provider not in self._told:
            self._told.add(provider)
            path = str(self.path(provider))
            log.warning("feed_payload_rejected", provider=provider, reason=told, kept=path)

    def makes_sense(self, provider: str) -> None:
        """A good answer came: the next senseless one is news again."""
        self._told.discard(provider)

    def _write(self, provider: str, text: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.path(provider).write_text(text, encoding="utf-8")
        except OSError as error:
            log.warning("feed_payload_not_kept", provider=provider, reason=str(error))


def one_line(reason: str) -> str:
    """A text from outside as it may stand in the log: short, and without control characters."""
    return _CONTROL.sub("?", " ".join(reason.split()))[:_LONGEST_REASON]
