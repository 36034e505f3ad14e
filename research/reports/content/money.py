"""What was at work, what it cost, and how deep it fell."""

from datetime import datetime

from engine.backtest.metrics.values import BacktestReport, Drawdown
from research.reports.tables import Row, Table, row
from research.reports.wording import (
    count,
    days,
    in_r,
    instant,
    or_unknown,
    percent,
    ratio,
    signed_r,
)


def exposure_table(report: BacktestReport) -> Table:
    """How much was at work, over the whole period."""
    exposure = report.exposure
    return Table(
        title="Exposure and turnover",
        columns=("what", "value"),
        rows=(
            row("time with an open trade", percent(exposure.time_percent)),
            row("open trades, mean", ratio(exposure.mean_open)),
            row("open trades, most", count(exposure.highest_open)),
            row("open notional, mean, of equity", percent(exposure.mean_notional_percent)),
            row("open notional, most, of equity", percent(exposure.highest_notional_percent)),
            row("turnover a day, of equity", percent(exposure.turnover_percent)),
        ),
    )


def costs_table(report: BacktestReport) -> Table:
    """From the gross result to the net one."""
    costs = report.costs
    return Table(
        title="Costs",
        columns=("what", "value"),
        rows=(
            row("result before costs", signed_r(costs.gross_r)),
            row("fees", signed_r(-costs.fees_r)),
            row("slippage", signed_r(-costs.slippage_r)),
            row("funding", signed_r(-costs.funding_r)),
            row("result after costs", signed_r(report.figures.total_r)),
            row("costs, of equity", percent(costs.total_percent)),
            row("costs, each trade", or_unknown(costs.per_trade_r, in_r)),
            row("costs, of gross profit", or_unknown(costs.share_percent, percent)),
        ),
        notes=("Gross profit is what trades that earned something before costs earned together.",),
    )


def drawdown_table(report: BacktestReport) -> Table:
    """The deepest fall from an earlier high, when and for how long."""
    drawdown = report.drawdown
    return Table(
        title="Deepest drawdown",
        columns=("what", "value"),
        rows=() if drawdown is None else _fall_rows(drawdown),
        notes=("No trade ended.",) if drawdown is None else (),
    )


def _fall_rows(drawdown: Drawdown) -> tuple[Row, ...]:
    return (
        row("of equity", percent(drawdown.percent)),
        row("in R", in_r(drawdown.r)),
        row("of the highest equity, compounded", percent(drawdown.compounded_percent)),
        row("began", _when(drawdown.began_at)),
        row("lowest", _when(drawdown.lowest_at)),
        row("recovered", _when(drawdown.recovered_at)),
        row("lasted", days(drawdown.days)),
        row("longest of all", days(drawdown.longest_days)),
    )


def _when(at: datetime | None) -> str:
    return "not within the period" if at is None else instant(at)
