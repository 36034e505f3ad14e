"""The server's sense of time: the machine's for a real bot, or one that a test moves by hand."""

import time
from typing import Protocol


class ServerClock(Protocol):
    """Two readings of one clock."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary start; never goes back."""

    def unix(self) -> int:
        """Return whole seconds since 1970, as Telegram dates its messages."""


class WallClock:
    """The machine's own time."""

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def unix(self) -> int:
        """Return the machine's unix time."""
        return int(time.time())


class ManualClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, *, unix: int = 1_760_000_000) -> None:
        """Start at the given unix time, in seconds."""
        self._started_unix = unix
        self._elapsed = 0.0

    def advance(self, seconds: float) -> None:
        """Move forward by that many seconds."""
        self._elapsed += seconds

    def monotonic(self) -> float:
        """Return the seconds advanced so far."""
        return self._elapsed

    def unix(self) -> int:
        """Return the start plus the seconds advanced so far, rounded down."""
        return int(self._started_unix + self._elapsed)
