"""Dropping what is old without looking at what is not: it happens between candle closes."""

from collections.abc import Callable
from itertools import takewhile
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def drop_oldest(kept: dict[Key, Value], is_old: Callable[[Key, Value], bool]) -> None:
    """Drop entries from the front, in the order in which they came, up to the first to keep.

    What is old but came after it goes later; it is in nobody's way meanwhile.
    """
    for key in list(takewhile(lambda each: is_old(each, kept[each]), kept)):
        del kept[key]


def drop_oldest_of_each(
    groups: dict[str, dict[Key, Value]], is_old: Callable[[Key, Value], bool]
) -> None:
    """The same in each group; groups that are empty then go as well."""
    for name, group in list(groups.items()):
        drop_oldest(group, is_old)
        if not group:
            del groups[name]
