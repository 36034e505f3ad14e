"""Net R per UTC day: the series that every ratio of a walk-forward is computed from."""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from engine.statistics.values import TradeResult


def daily_r(results: Sequence[TradeResult], start: datetime, end: datetime) -> list[float]:
    """Net R of each UTC day of [start, end), 0.0 on days without a trade.

    A trade belongs to the day it was published on, which lies within the span even where its end
    does not. A day of which the span holds only a part counts as a day.
    """
    by_day: dict[date, float] = {}
    for result in results:
        day = result.published_at.date()
        by_day[day] = by_day.get(day, 0.0) + float(result.net_r)
    return [by_day.get(day, 0.0) for day in _days(start, end)]


def sharpe_of(series: Sequence[float]) -> float | None:
    """Mean over the standard deviation of a sample, of a day; None below 2 days or without
    variation.
    """
    if len(series) < 2:
        return None
    mean = math.fsum(series) / len(series)
    squares = math.fsum((each - mean) ** 2 for each in series)
    if squares == 0.0:
        return None
    return mean / math.sqrt(squares / (len(series) - 1))


def _days(start: datetime, end: datetime) -> list[date]:
    first, last = start.date(), (end - timedelta.resolution).date()
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]
