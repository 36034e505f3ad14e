"""The kept trades of a pair in columns, with sums that run along.

Sums are whole numbers, so the difference of two rows is exactly what was traded between them.
"""

from array import array
from bisect import bisect_left, bisect_right
from typing import Final, NamedTuple

import numpy as np

from layers.orderflow.tape.windows import Traded

NO_ID: Final = -2
"""Stands before the first trade; no id follows it."""


class ExactTrade(NamedTuple):
    """A trade in whole numbers: quantity steps, and ten-thousandths of the quote currency."""

    exchange_ms: int
    id: int
    price: float
    steps: int
    notional: int
    is_buy: bool


def forget_rows(sums: "array[int]", rows: int) -> None:
    """Drop the oldest rows of a running sum; what then is the first row counts as zero."""
    del sums[:rows]
    view = np.frombuffer(sums, dtype=np.int64)
    np.subtract(view, view[0], out=view)


class Columns:
    """Trades by time and id, oldest first.

    Row 0 is no kept trade but the floor: the newest trade that was forgotten, sums zero. So every
    window is the difference of two rows.
    """

    __slots__ = (
        "_bought",
        "_bought_notional",
        "_notional",
        "_volume",
        "bought",
        "bought_notional",
        "ids",
        "last_id",
        "last_ms",
        "notional",
        "prices",
        "streak",
        "streaks",
        "times",
        "volume",
    )

    last_ms: int
    last_id: int
    streak: int
    _volume: int
    _bought: int
    _notional: int
    _bought_notional: int

    def __init__(self) -> None:
        self.times = array("q", [0])
        self.ids = array("q", [NO_ID])
        self.prices = array("d", [0.0])
        self.volume = array("q", [0])
        self.bought = array("q", [0])
        self.notional = array("q", [0])
        self.bought_notional = array("q", [0])
        self.streaks = array("q", [0])
        self._stand_on_last_row()

    def append(
        self, exchange_ms: int, trade_id: int, price: float, steps: int, notional: int, is_buy: bool
    ) -> None:
        """Add a trade later than all others (of the same millisecond, with a higher id)."""
        streak = self.streak if trade_id == self.last_id + 1 else 0
        self._volume += steps
        self._notional += notional
        if is_buy:
            self._bought += steps
            self._bought_notional += notional
            self.streak = streak = streak + 1 if streak > 0 else 1
        else:
            self.streak = streak = streak - 1 if streak < 0 else -1
        self.last_ms = exchange_ms
        self.last_id = trade_id
        self.times.append(exchange_ms)
        self.ids.append(trade_id)
        self.prices.append(price)
        self.volume.append(self._volume)
        self.bought.append(self._bought)
        self.notional.append(self._notional)
        self.bought_notional.append(self._bought_notional)
        self.streaks.append(streak)

    def row_at(self, at_ms: int) -> int:
        """The newest row not later than an instant; the floor when all kept trades are later."""
        return bisect_right(self.times, at_ms, 1) - 1

    def between(self, begin: int, end: int) -> Traded:
        """What was traded after row `begin`, up to and with row `end`."""
        return Traded(
            end - begin,
            self.volume[end] - self.volume[begin],
            self.bought[end] - self.bought[begin],
            self.notional[end] - self.notional[begin],
            self.bought_notional[end] - self.bought_notional[begin],
        )

    def at_price(self, price: float, begin: int, end: int) -> tuple[int, int]:
        """Steps traded, and of those bought, at exactly a price after row `begin`, up to `end`."""
        prices = np.frombuffer(self.prices)[begin + 1 : end + 1]
        rows = np.flatnonzero(prices == price) + begin + 1
        volume = np.frombuffer(self.volume, dtype=np.int64)
        bought = np.frombuffer(self.bought, dtype=np.int64)
        return (
            int((volume[rows] - volume[rows - 1]).sum()),
            int((bought[rows] - bought[rows - 1]).sum()),
        )

    def delta(self, row: int) -> int:
        """Taker buys less taker sells since the floor, in quantity steps."""
        return 2 * self.bought[row] - self.volume[row]

    def rewind(self, from_ms: int) -> list[ExactTrade]:
        """Take off all trades from an instant on and hand them back."""
        first = bisect_left(self.times, from_ms, 1)
        trades = [self._trade(row) for row in range(first, len(self.times))]
        for column in (*self._sums(), self.times, self.ids, self.streaks):
            del column[first:]
        del self.prices[first:]
        self._stand_on_last_row()
        return trades

    def forget(self, rows: int) -> None:
        """Drop the oldest rows; the last of them becomes the floor."""
        for column in self._sums():
            forget_rows(column, rows)
        for column in (self.times, self.ids, self.streaks):
            del column[:rows]
        del self.prices[:rows]
        self._stand_on_last_row()

    def _sums(self) -> "tuple[array[int], ...]":
        return self.volume, self.bought, self.notional, self.bought_notional

    def _trade(self, row: int) -> ExactTrade:
        traded = self.between(row - 1, row)
        return ExactTrade(
            self.times[row],
            self.ids[row],
            self.prices[row],
            traded.volume,
            traded.notional,
            traded.bought > 0,
        )

    def _stand_on_last_row(self) -> None:
        self.last_ms = self.times[-1]
        self.last_id = self.ids[-1]
        self.streak = self.streaks[-1]
        self._volume = self.volume[-1]
        self._bought = self.bought[-1]
        self._notional = self.notional[-1]
        self._bought_notional = self.bought_notional[-1]
