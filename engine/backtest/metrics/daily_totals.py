"""What each UTC day of a period brought, in arrays: the days that a bootstrap draws from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.backtest.metrics.values import TradeRow

Floats = npt.NDArray[np.float64]


class _Day(NamedTuple):
    """Totals of one day, as `DailyTotals` describes them."""

    trades: float
    wins: float
    gained_r: float
    lost_r: float
    percent: float
    highest: float
    lowest: float
    fall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTotals:
    """One number a day, of the trades that ended on it; 0 on a day without a trade.

    `gained_r` is the R of wins and `lost_r` that of losses, as a number above 0. `percent` is the
    day's result in percent of equity; on the way to it results stood at most `highest` (0 or more)
    and at least `lowest` (0 or less) from where the day began, and fell by up to `fall` (0 or more)
    from a high within the day.
    """

    trades: Floats
    wins: Floats
    gained_r: Floats
    lost_r: Floats
    percent: Floats
    highest: Floats
    lowest: Floats
    fall: Floats

    @property
    def days(self) -> int:
        """How many days there are."""
        return self.trades.size

    @property
    def traded_days(self) -> int:
        """How many of them have trades."""
        return int(np.count_nonzero(self.trades))


def daily_totals(trades: Sequence[TradeRow], first: date, days: int) -> DailyTotals:
    """Totals of `days` days from the `first` on; trades in order of their end, all within them."""
    table = np.zeros((days, len(_Day._fields)))
    for day, ended in groupby(trades, key=lambda trade: trade.ended_at.date()):
        table[(day - first).days] = _totals(tuple(ended))
    columns = zip(_Day._fields, table.T.copy(), strict=True)
    return DailyTotals(**dict(columns))


def _totals(trades: Sequence[TradeRow]) -> _Day:
    path = tuple(accumulate((trade.equity_percent for trade in trades), initial=0.0))
    highs = accumulate(path, max)
    return _Day(
        trades=len(trades),
        wins=sum(trade.net_r > 0 for trade in trades),
        gained_r=sum(trade.net_r for trade in trades if trade.net_r > 0),
        lost_r=-sum(trade.net_r for trade in trades if trade.net_r <= 0),
        percent=path[-1],
        highest=max(path),
        lowest=min(path),
        fall=max(high - now for high, now in zip(highs, path, strict=True)),
    )
