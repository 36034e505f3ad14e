"""Growing pauses between attempts: 1, 2, 4 ... 30 seconds, with jitter."""

from collections.abc import Callable

Jitter = Callable[[], float]
"""Draws a number in [0, 1). Given from outside, so that a test knows what it draws."""


class BackOff:
    """The next pause, in wall seconds.

    Pauses double from `first` up to `longest`; jitter moves each by up to a quarter either way, so
    that many connections cut at once do not come back at once.
    """

    def __init__(self, jitter: Jitter, *, first: float = 1.0, longest: float = 30.0) -> None:
        self._jitter = jitter
        self._first = first
        self._longest = longest
        self._next = first

    def next_seconds(self) -> float:
        """How long to wait now; the wait after that is twice as long."""
        pause = self._next
        self._next = min(self._longest, pause * 2)
        return pause * (0.75 + 0.5 * self._jitter())

    def reset(self) -> None:
        """Start over: the attempt worked."""
        self._next = self._first
