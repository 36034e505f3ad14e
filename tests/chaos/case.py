"""A fault, what is expected while it lasts and afterwards, and how to cause it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

Play = Callable[[Path], Awaitable[None]]
"""Causes the fault in an empty folder of its own; an `AssertionError` says what did not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A line of the table. `is_long` ones take more than 10 s, and are left to the soak."""

    fault: str
    expected: str
    play: Play
    is_long: bool = False


class NotPossibleError(Exception):
    """This machine has no means to cause a fault."""
