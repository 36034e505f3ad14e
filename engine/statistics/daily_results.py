"""Results per UTC day, and the ratios of reward to its variation that are built on them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from engine.statistics.values import TradeResult

_DAYS_A_YEAR: Final = 365
"""These markets never close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyResults:
    """Percent of equity per UTC day of a period of `days`; `traded` are the days with trades."""

    days: int
    traded: tuple[Decimal, ...]

    @property
    def idle(self) -> int:
        """Days without a trade: each has a result of 0."""
        return self.days - len(self.traded)

    @property
    def mean(self) -> float:
        """Mean result of a day."""
        return float(sum(self.traded, Decimal(0))) / self.days


def daily_results(results: Iterable[TradeResult], start: datetime, end: datetime) -> DailyResults:
    """Results of trades that ended in `start <= t < end`, each on the UTC day of its end.

    A day of which the period holds only a part is a day, too.
    """
    by_day: dict[date, Decimal] = {}
    for result in results:
        day = result.ended_at.date()
        by_day[day] = by_day.get(day, Decimal(0)) + result.equity_percent
    return DailyResults(days=_count_days(start, end), traded=tuple(by_day.values()))


def sharpe(results: DailyResults) -> float | None:
    """Mean over standard deviation of a sample, per year, no riskless rate.

    None below 2 days or without variation. W. F. Sharpe, "The Sharpe Ratio", Journal of Portfolio
    Management 21 (1994).
    """
    if _is_constant(results):
        return None
    mean = results.mean
    squares = math.fsum((float(percent) - mean) ** 2 for percent in results.traded)
    deviation = math.sqrt((squares + results.idle * mean**2) / (results.days - 1))
    return mean / deviation * math.sqrt(_DAYS_A_YEAR)


def sortino(results: DailyResults) -> float | None:
    """Mean over the root mean square of losses, over all days, per year; a target of 0.

    None below 2 days or without a day of loss. F. A. Sortino, L. N. Price, "Performance Measurement
    in a Downside Risk Framework", Journal of Investing 3 (1994).
    """
    losses = math.fsum(float(percent) ** 2 for percent in results.traded if percent < 0)
    if results.days < 2 or losses == 0:
        return None
    return results.mean / math.sqrt(losses / results.days) * math.sqrt(_DAYS_A_YEAR)


def _is_constant(results: DailyResults) -> bool:
    """Whether no two days differ; a single day does not."""
    return len({*results.traded, *((Decimal(0),) if results.idle else ())}) < 2


def _count_days(start: datetime, end: datetime) -> int:
    return ((end - timedelta.resolution).date() - start.date()).days + 1
