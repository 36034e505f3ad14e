"""A day or more of open interest in rows of five minutes, few enough to be read anew each time.

Five minutes is also the period of the venue's own history of open interest.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.timeframes import Timeframe

Numbers = NDArray[np.float64]

_PERIOD_MS = Timeframe.M5.milliseconds
_END, _QUANTITY, _LOW, _HIGH = range(4)


class PeriodRows(NamedTuple):
    """Periods in which open interest was seen, oldest first; all arrays are of one length.

    `end_ms` is the end of the period, included in it, `quantity` the last one seen, `low` and
    `high` span the prices seen with open interest in that period.
    """

    end_ms: Numbers
    quantity: Numbers
    low: Numbers
    high: Numbers


class PeriodHistory:
    """At least the last `kept_ms` of open interest."""

    def __init__(self, kept_ms: int) -> None:
        self._kept = -(-kept_ms // _PERIOD_MS) + 1
        self._rows = np.empty((2 * self._kept, 4))
        self._length = 0

    def add(self, at_ms: int, quantity: float, price: float) -> None:
        """Add what was seen at a time, which must not be before the newest."""
        end = -(-at_ms // _PERIOD_MS) * _PERIOD_MS
        newest = self._rows[self._length - 1]
        if self._length and newest[_END] == end:
            low, high = min(newest[_LOW], price), max(newest[_HIGH], price)
            newest[_QUANTITY:] = quantity, low, high
            return
        self._make_room()
        self._rows[self._length] = end, quantity, price, price
        self._length += 1

    @property
    def newest_end_ms(self) -> int:
        """End of the newest period, 0 before the first."""
        return int(self._rows[self._length - 1, _END]) if self._length else 0

    def ended_between(self, begin_ms: int, last_ms: int) -> PeriodRows:
        """Periods that ended after `begin_ms` and up to `last_ms`: nothing in them is later."""
        ends = self._rows[: self._length, _END]
        first, last = np.searchsorted(ends, (begin_ms, last_ms), side="right")
        return PeriodRows(*self._rows[first:last].T)

    def _make_room(self) -> None:
        if self._length == len(self._rows):
            self._rows[: self._kept] = self._rows[-self._kept :]
            self._length = self._kept
