"""How far each trade went against and for its holder (J. Sweeney, 1997)."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from domain.candles import CLOSE, HIGH, LOW, CandleSeries
from domain.directions import Direction
from domain.signals import FollowedSignal
from domain.timeframes import to_ms
from engine.backtest.values import Excursion


def excursions_of(
    signals: Iterable[FollowedSignal], series: Callable[[str], CandleSeries]
) -> dict[int, Excursion]:
    """By signal id, of the trades that have ended, on the candles that they were followed on.

    From the candle of the entry to that of the end. As the follower reads it, of the candle of the
    entry the worst counts wherever it was, and of the best only what the close proves.
    """
    return {
        each.signal.id: _excursion(each, series(each.signal.plan.symbol))
        for each in signals
        if each.course.triggered_at is not None and each.course.ended_at is not None
    }


def _excursion(followed: FollowedSignal, series: CandleSeries) -> Excursion:
    plan, course = followed.signal.plan, followed.course
    first, last = (
        to_ms(at) // series.timeframe.milliseconds - 1 - series.first_index
        for at in (course.triggered_at, course.ended_at)
        if at is not None
    )
    columns = np.asarray(series.columns)[:, first : last + 1]
    entry, distance = float(plan.entry), float(plan.stop_distance)
    worst, best = _extremes(columns, plan.direction)
    gains = plan.direction.sign * (np.array([worst, best]) - entry) / distance
    return Excursion(adverse_r=max(0.0, -float(gains[0])), favourable_r=max(0.0, float(gains[1])))


def _extremes(columns: Any, direction: Direction) -> tuple[float, float]:
    """The worst and the best price for a direction."""
    entered, low, high = columns[CLOSE, :1], columns[LOW], columns[HIGH]
    if direction is Direction.LONG:
        return low.min(), np.concatenate([entered, high[1:]]).max()
    return high.max(), np.concatenate([entered, low[1:]]).min()
