"""Roughly how the day stands, minute by minute: tells when the drawdown ladder must be asked.

The ladder itself is the live one, in exact decimals. Asking it at every minute of a year would take
most of the time of a backtest, and all but a few minutes are far from any of its steps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from domain.candles import CLOSE, CandleSeries
from domain.signals import FollowedSignal

Floats = np.ndarray[Any, np.dtype[np.float64]]

NEAR_PERCENT: Final = 0.3
"""So near to a step the exact result is asked for; the estimate is off by rounding only."""

_DAY_MS: Final = 86_400_000
_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEstimate:
    """`step_percent` is the loss of the first step that latches, `series` a pair's candles."""

    equity: float
    step_percent: float
    series: Callable[[str], CandleSeries]

    def next_danger_ms(
        self,
        live: Sequence[FollowedSignal],
        ended: Sequence[FollowedSignal],
        first_ms: int,
        stop_ms: int,
    ) -> int | None:
        """The first close with `first_ms` <= close < `stop_ms` at which the day is near the step.

        `live` and `ended` stand as they do at `first_ms`, and for the whole span; `ended` are the
        trades that ended on its UTC day. None where the day never comes near.
        """
        trades = [each for each in live if each.course.state.is_open]
        realised = sum(map(self._closed_percent, ended))
        # Before the next candle that matters to it, no trade closes beyond its stop.
        worst = min(realised, 0.0) + sum(map(self._worst, trades))
        if worst > NEAR_PERCENT - self.step_percent:
            return None
        closes = self._closes(trades, first_ms, stop_ms)
        results = np.where(closes // _DAY_MS == first_ms // _DAY_MS, realised, 0.0)
        for trade in trades:
            results = results + self._results(trade, closes)
        near = np.flatnonzero(results <= NEAR_PERCENT - self.step_percent)
        return int(closes[near[0]]) if len(near) else None

    def _closes(self, trades: Sequence[FollowedSignal], first_ms: int, stop_ms: int) -> Any:
        """Closes of the finest candles of any open trade; only the first one without any."""
        lengths = [self.series(each.signal.plan.symbol).timeframe.milliseconds for each in trades]
        if not lengths:
            return np.array([first_ms])
        length = min(lengths)
        return np.arange(-(-first_ms // length) * length, max(stop_ms, first_ms + 1), length)

    def _weight(self, trade: FollowedSignal) -> float:
        return float(trade.signal.plan.notional) / self.equity

    def _closed_percent(self, trade: FollowedSignal) -> float:
        return float(trade.course.realised_percent) * self._weight(trade)

    def _worst(self, trade: FollowedSignal) -> float:
        """Its closed part, and the open one as if stopped out, unless that would be a gain."""
        at_stop: float = self._results_at(trade, float(trade.course.stop))
        return min(self._closed_percent(trade), at_stop)

    def _results(self, trade: FollowedSignal, closes: Any) -> Floats:
        """At each close; the worst where the candles are over."""
        series = self.series(trade.signal.plan.symbol)
        positions = closes // series.timeframe.milliseconds - 1 - series.first_index
        is_known = (positions >= 0) & (positions < len(series))
        prices = np.asarray(series.columns)[CLOSE][np.where(is_known, positions, 0)]
        return np.where(is_known, self._results_at(trade, prices), self._worst(trade))

    def _results_at(self, trade: FollowedSignal, prices: Any) -> Any:
        plan = trade.signal.plan
        left = float(1 - trade.course.closed_fraction) * self._weight(trade) * _PERCENT
        entry, cost = float(plan.entry), float(plan.costs.round_trip)
        gains = plan.direction.sign * (prices - entry) / entry - cost
        return self._closed_percent(trade) + gains * left
