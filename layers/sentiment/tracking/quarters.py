"""A number per name and quarter of an hour, for a week and a little."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

QUARTER_MS: Final = 900_000
HOUR: Final = 4
"""Quarters in an hour."""
WEEK: Final = 7 * 24 * HOUR
"""Quarters in a week."""

_SLOTS: Final = WEEK + 6 * HOUR
_FIRST_ROWS: Final = 16


def quarter_of(at_ms: int) -> int:
    """Number of the quarter that an instant belongs to; its end does, its begin does not."""
    return (at_ms - 1) // QUARTER_MS


def last_whole_quarter(as_of_ms: int) -> int:
    """Number of the newest quarter that is over."""
    return as_of_ms // QUARTER_MS - 1


class QuarterRows:
    """Numbers by name and quarter, 0 where none was told.

    At most `most_names`; when there are more, the one with the least of a week gives way.
    """

    def __init__(self, most_names: int) -> None:
        self._most_names = most_names
        self._rows: dict[str, int] = {}
        self._numbers = np.zeros((_FIRST_ROWS, _SLOTS), dtype=np.float32)
        self._newest = 0

    def row_of(self, name: str) -> int | None:
        """Which row of `between` belongs to a name."""
        return self._rows.get(name)

    def add(self, name: str, quarter: int, number: float) -> None:
        """Add to what is there."""
        if self._reach(quarter):
            row = self._make_row(name)
            self._numbers[row, quarter % _SLOTS] += number

    def put(self, name: str, quarter: int, number: float) -> None:
        """Put in place of what is there."""
        if self._reach(quarter):
            row = self._make_row(name)
            self._numbers[row, quarter % _SLOTS] = number

    def between(self, first: int, last: int) -> NDArray[np.float32]:
        """A row per name, a column per quarter, both ends included, oldest first.

        What is beyond the memory's newest or oldest quarter is 0.
        """
        quarters = np.arange(first, last + 1)
        is_kept = (quarters <= self._newest) & (quarters > self._newest - _SLOTS)
        return self._numbers[:, quarters % _SLOTS] * is_kept

    def _reach(self, quarter: int) -> bool:
        """Clear what is overwritten on the way to a quarter; whether it is not too old."""
        passed = min(quarter - self._newest, _SLOTS)
        if passed > 0:
            self._numbers[:, np.arange(quarter - passed + 1, quarter + 1) % _SLOTS] = 0.0
            self._newest = quarter
        return quarter > self._newest - _SLOTS

    def _make_row(self, name: str) -> int:
        if name not in self._rows:
            self._rows[name] = self._free_row()
        return self._rows[name]

    def _free_row(self) -> int:
        count = len(self._rows)
        if count >= self._most_names:
            return self._take_row()
        if count == len(self._numbers):
            self._numbers = np.vstack([self._numbers, np.zeros_like(self._numbers)])
        return count

    def _take_row(self) -> int:
        totals = self._numbers.sum(axis=1)
        least = min(self._rows, key=lambda name: (totals[self._rows[name]], name))
        row = self._rows.pop(least)
        self._numbers[row] = 0.0
        return row
