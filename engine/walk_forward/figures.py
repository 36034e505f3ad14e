"""Figures of trades, with an interval that takes trades of one day as what they are: alike."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from engine.statistics.performance import performance_of
from engine.statistics.values import TradeResult
from engine.walk_forward.daily import daily_r, sharpe_of
from engine.walk_forward.student_t import quantile_of_t
from engine.walk_forward.values import Figures

_OUTSIDE: Final = 0.025
"""On either side of an interval that holds 95 %."""

_LEAST_DAYS: Final = 10
"""With fewer days the spread between them is a guess itself."""


def figures_of(
    results: Sequence[TradeResult], spans: Sequence[tuple[datetime, datetime]]
) -> Figures:
    """Figures of trades published within spans [start, end) that follow each other."""
    ended = sorted(results, key=lambda result: (result.ended_at, result.signal_id))
    found = performance_of(ended, spans[0][0], spans[-1][1])
    series = joined_daily_r(results, spans)
    low, high = expectancy_interval(results)
    return Figures(
        days=len(series),
        traded_days=len(_by_day(results)),
        trades=len(results),
        total_r=float(found.total_r),
        expectancy_r=_float(found.expectancy_r),
        low_r=low,
        high_r=high,
        win_percent=found.wins.percent,
        profit_factor=_float(found.profit_factor),
        drawdown_r=float(found.drawdown_r),
        sharpe=sharpe_of(series),
    )


def joined_daily_r(
    results: Sequence[TradeResult], spans: Sequence[tuple[datetime, datetime]]
) -> list[float]:
    """Net R of each day of all spans, one after the other; days between spans are left out."""
    return [day for start, end in spans for day in daily_r(results, start, end)]


def expectancy_interval(results: Sequence[TradeResult]) -> tuple[float | None, float | None]:
    """95 % interval of the mean net R; None, None with trades on fewer than 10 days.

    The mean is a ratio of two sums over days (R and trades), and its variance that of a ratio of
    cluster totals: D / (D - 1) * sum((R_d - mean * n_d)^2) / n^2 over D days with trades.
    Its width goes by Student's t with D - 1 degrees of freedom: trades may be many, what they tell
    of chance is no more than their days do.
    W. G. Cochran, "Sampling Techniques", 3rd edition (1977), 6.3 and 9A.
    """
    by_day = _by_day(results)
    days, trades = len(by_day), len(results)
    if days < _LEAST_DAYS:
        return None, None
    mean = math.fsum(math.fsum(day) for day in by_day) / trades
    squares = math.fsum((math.fsum(day) - mean * len(day)) ** 2 for day in by_day)
    width = quantile_of_t(1.0 - _OUTSIDE, days - 1)
    margin = width * math.sqrt(days / (days - 1) * squares) / trades
    return mean - margin, mean + margin


def _by_day(results: Sequence[TradeResult]) -> list[list[float]]:
    by_day: dict[date, list[float]] = {}
    for result in results:
        by_day.setdefault(result.published_at.date(), []).append(float(result.net_r))
    return list(by_day.values())


def _float(figure: Decimal | None) -> float | None:
    return None if figure is None else float(figure)
