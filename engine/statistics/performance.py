"""What trades came to: sums, means, extremes, and the ratios that put them in proportion."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from engine.statistics.daily_results import daily_results, sharpe, sortino
from engine.statistics.equity import deepest_fall
from engine.statistics.rates import rate
from engine.statistics.streaks import streaks_of
from engine.statistics.values import Performance, TradeResult


def performance_of(results: Sequence[TradeResult], start: datetime, end: datetime) -> Performance:
    """Figures of trades that ended in `start <= t < end`, given in order of their end."""
    days = daily_results(results, start, end)
    total_r = _total(result.net_r for result in results)
    wins = sum(result.is_win for result in results)
    return Performance(
        wins=rate(wins, len(results)),
        total_r=total_r,
        total_percent=_total(result.equity_percent for result in results),
        expectancy_r=total_r / len(results) if results else None,
        profit_factor=_profit_factor(results),
        sharpe=sharpe(days),
        sortino=sortino(days),
        drawdown_r=deepest_fall(result.net_r for result in results),
        drawdown_percent=deepest_fall(result.equity_percent for result in results),
        streaks=streaks_of(results),
        mean_hold=_mean_hold(results),
        best=max(results, key=lambda result: result.net_r, default=None),
        worst=min(results, key=lambda result: result.net_r, default=None),
    )


def _total(figures: Iterable[Decimal]) -> Decimal:
    return sum(figures, Decimal(0))


def _profit_factor(results: Sequence[TradeResult]) -> Decimal | None:
    earned = _total(result.net_r for result in results if result.is_win)
    lost = -_total(result.net_r for result in results if not result.is_win)
    return earned / lost if lost else None


def _mean_hold(results: Sequence[TradeResult]) -> timedelta | None:
    if not results:
        return None
    return sum((result.hold for result in results), timedelta(0)) / len(results)
