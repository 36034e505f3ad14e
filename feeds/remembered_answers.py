"""Conditional requests: what a provider answered last, and how to ask whether that still holds."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

import httpx

_MOST_ADDRESSES: Final = 16
"""Addresses of a provider whose last body is kept; the one unused for longest goes first."""

_MOST_BYTES: Final = 16_000_000
"""Bytes of all of them: a provider may name many big answers."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a provider sent, and the character set it named ("" where none)."""

    content: bytes
    charset: str = ""

    @property
    def text(self) -> str:
        """As text; what the character set does not allow reads as U+FFFD."""
        try:
            return self.content.decode(self.charset or "utf-8", errors="replace")
        except (LookupError, UnicodeError):  # unknown, or a codec that allows no replacing
            return self.content.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class _Remembered:
    conditions: dict[str, str]
    body: Body


@dataclass(slots=True)
class RememberedAnswers:
    """Last bodies by address, where the provider gave an `ETag` or `Last-Modified` for them."""

    _by_address: OrderedDict[str, _Remembered] = field(default_factory=OrderedDict)

    def conditions(self, address: str) -> dict[str, str]:
        """Headers that ask for a body only if it changed (RFC 9110 13.1)."""
        known = self._by_address.get(address)
        return {} if known is None else known.conditions

    def body(self, address: str) -> Body | None:
        """The last body, for an answer that says it has not changed."""
        known = self._by_address.get(address)
        return None if known is None else known.body

    def keep(self, address: str, headers: httpx.Headers, body: Body) -> None:
        """Remember an answer, or forget the last where it cannot be asked for conditionally."""
        self._by_address.pop(address, None)
        conditions = {
            condition: validator
            for condition, validator in (
                ("If-None-Match", headers.get("ETag")),
                ("If-Modified-Since", headers.get("Last-Modified")),
            )
            # A provider may name anything, but httpx sends nothing but ASCII.
            if validator is not None and validator.isascii()
        }
        if conditions:
            self._by_address[address] = _Remembered(conditions, body)
            while self._is_full():
                self._by_address.popitem(last=False)

    def clear(self) -> None:
        """Ask without conditions next time: a body made no sense."""
        self._by_address.clear()

    def _is_full(self) -> bool:
        kept = sum(len(known.body.content) for known in self._by_address.values())
        return kept > _MOST_BYTES or len(self._by_address) > _MOST_ADDRESSES
