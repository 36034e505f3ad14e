"""Times in which no pair at all traded: more likely the stream was interrupted than the market."""

from collections import deque
from typing import Final

_KEPT: Final = 16
"""Silences remembered: readings look back by minutes, not further."""


class TradeSilence:
    """Follows the trades of all pairs together; times are exchange milliseconds.

    An instant is silent when nothing traded for more than `longest_ms` before it, as far as was
    known at that instant.
    """

    def __init__(self, longest_ms: int) -> None:
        self._longest_ms = longest_ms
        self._newest_ms = 0
        self._ended: deque[tuple[int, int]] = deque(maxlen=_KEPT)

    def note_trade(self, exchange_ms: int) -> None:
        """A pair traded."""
        if exchange_ms <= self._newest_ms:
            return
        if exchange_ms - self._newest_ms > self._longest_ms:
            self._ended.append((self._newest_ms + self._longest_ms, exchange_ms))
        self._newest_ms = exchange_ms

    def is_silent(self, at_ms: int) -> bool:
        """Whether an instant lies in a silence."""
        if at_ms >= self._newest_ms:
            return at_ms - self._newest_ms > self._longest_ms
        return any(begin_ms < at_ms < end_ms for begin_ms, end_ms in self._ended)
