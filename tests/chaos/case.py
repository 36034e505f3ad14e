"""A fault, what is expected while it lasts and afterwards, and how to cause it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

Play = Callable[[Path], Awaitable[None]]
"""Causes the fault in an empty folder of its own; an `AssertionError` says what did not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A line of the table."""

    fault: str
    expected: str
    play: Play


class NotPossibleError(Exception):
    """This machine has no means to cause a fault."""
