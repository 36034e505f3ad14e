"""Results month by month."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.backtest.metrics.period import Period
from engine.backtest.metrics.ratios import divide
from engine.backtest.metrics.values import Month
from engine.statistics.values import TradeResult


def months_of(results: Sequence[TradeResult], period: Period) -> tuple[Month, ...]:
    """A row for each UTC month of the period; a trade belongs to that of its end."""
    members: defaultdict[str, list[TradeResult]] = defaultdict(list)
    for result in results:
        members[f"{result.ended_at:%Y-%m}"].append(result)
    return tuple(_month(name, members[name]) for name in _names(period))


def _month(name: str, results: Sequence[TradeResult]) -> Month:
    wins = sum(result.is_win for result in results)
    return Month(
        month=name,
        trades=len(results),
        wins=wins,
        win_rate_percent=divide(wins * 100.0, len(results)),
        total_r=float(sum(result.net_r for result in results)),
        total_percent=float(sum(result.equity_percent for result in results)),
    )


def _names(period: Period) -> Iterator[str]:
    last = period.end - timedelta.resolution
    for month in range(
        period.start.year * 12 + period.start.month - 1, last.year * 12 + last.month
    ):
        yield f"{month // 12:04d}-{month % 12 + 1:02d}"
