"""How long to wait before asking again: longer each time that nothing came of it."""

from typing import Final

_FIRST_SECONDS: Final = 0.05
_LONGEST_SECONDS: Final = 2.0
"""Wall seconds: an order that is under way settles within a few tenths of one."""


class Pauses:
    """Grows from pause to pause until something went forward."""

    def __init__(self, first: float = _FIRST_SECONDS, longest: float = _LONGEST_SECONDS) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def next(self) -> float:
        """Wall seconds of the next pause."""
        pause = self._next
        self._next = min(self._longest, pause * 2)
        return pause

    def reset(self) -> None:
        """Something went forward."""
        self._next = self._first
