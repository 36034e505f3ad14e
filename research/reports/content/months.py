"""Results month by month, with what they had summed up to."""

from itertools import accumulate

from engine.backtest.metrics.values import BacktestReport
from research.reports.tables import Table, row
from research.reports.wording import count, or_unknown, percent, signed_percent, signed_r


def months_table(report: BacktestReport) -> Table:
    """A line for every month of the period, also where nothing ended in it."""
    sums = accumulate(month.total_percent for month in report.months)
    return Table(
        title="Months",
        columns=("month", "trades", "won", "win rate", "result", "of equity", "sum so far"),
        rows=tuple(
            row(
                month.month,
                count(month.trades),
                count(month.wins),
                or_unknown(month.win_rate_percent, percent),
                signed_r(month.total_r),
                signed_percent(month.total_percent),
                signed_percent(so_far),
            )
            for month, so_far in zip(report.months, sums, strict=True)
        ),
        notes=("A trade counts in the month in which it ended (UTC).",),
    )
