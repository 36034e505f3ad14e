"""The charts of a report, each with the table that says the same in numbers."""

from dataclasses import dataclass
from typing import Final

from engine.backtest.metrics.values import BacktestReport, GroupRow, Month, TradeRow
from engine.statistics.parameters import StatisticsParameters
from research.reports.charts import (
    Bar,
    BarChart,
    ExcursionMark,
    FunnelStep,
    IntervalChart,
    IntervalRow,
    Svg,
    draw_bars,
    draw_equity,
    draw_excursions,
    draw_funnel,
    draw_intervals,
)
from research.reports.content.breakdowns import breakdown_table, kinds_of
from research.reports.content.counts import funnel_table, steps_of
from research.reports.content.months import months_table
from research.reports.content.trades import excursions_table, results_table
from research.reports.distribution import ResultBin, distribution
from research.reports.tables import Table
from research.reports.wording import count, counted, interval, percent, signed_percent, signed_r

_MOST_ROWS: Final = 40
"""A breakdown with more groups is a table only."""


_OUTCOMES: Final = ("state",)
"""Breakdowns by what a trade came to: a win rate of those says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart (None where a table alone is more readable) and its table."""

    drawing: Svg | None
    table: Table
    is_wide: bool = False


def equity_picture(report: BacktestReport) -> Picture:
    """The course of results with the falls below."""
    words = (
        f"Sum of net results in percent of a fixed equity: {signed_r(report.figures.total_r)} or "
        f"{signed_percent(report.figures.total_percent)} at the end. Below it, how far the sum was "
        "under its highest so far."
    )
    drawing = draw_equity(report.curve, report.end, description=words)
    return Picture(drawing=drawing, table=months_table(report), is_wide=True)


def months_picture(report: BacktestReport) -> Picture:
    """A bar a month."""
    chart = BarChart(
        name="months",
        title="Result of each month",
        description="Net result of each month in percent of equity.",
        across="Month in which trades ended, UTC",
        upwards="Net result, % of equity",
    )
    bars = [_month_bar(month) for month in report.months]
    return Picture(drawing=draw_bars(chart, bars), table=months_table(report))


def results_picture(report: BacktestReport) -> Picture:
    """How often which net R came."""
    chart = BarChart(
        name="results",
        title="Net results of trades",
        description="How many trades ended with which net result in R.",
        across="Net result of a trade, R",
        upwards="Trades",
        is_histogram=True,
    )
    bins = distribution(report.trades, StatisticsParameters())
    table = results_table((each.label, each.count) for each in bins)
    return Picture(drawing=draw_bars(chart, [_result_bar(each) for each in bins]), table=table)


def excursions_picture(report: BacktestReport) -> Picture:
    """Moves against the holder beside moves for them."""
    marks = [mark for trade in report.trades if (mark := _mark(trade)) is not None]
    words = (
        f"{counted(len(marks), 'trade')}: how far price went against the holder and how far for "
        "them before the end, in R. Dots are winners, crosses are losers."
    )
    return Picture(drawing=draw_excursions(marks, words), table=excursions_table(report))


def breakdown_pictures(report: BacktestReport) -> tuple[Picture, ...]:
    """Win rates with their intervals, a chart for each way to tell trades apart."""
    hours = (_hours(report),) if report.breakdowns.get("hour") else ()
    return (*(_breakdown(report, kind) for kind in kinds_of(report)), *hours)


def funnel_picture(report: BacktestReport) -> Picture:
    """From decisions to trades."""
    steps = [
        FunnelStep(
            label=step.label,
            count=step.count,
            words=count(step.count)
            if step.share_percent is None
            else f"{count(step.count)} ({step.share} of the step before)",
        )
        for step in steps_of(report.counts)
    ]
    words = "How many of all decisions came how far; the length of a bar is a logarithm."
    return Picture(drawing=draw_funnel(steps, words), table=funnel_table(report))


def _breakdown(report: BacktestReport, kind: str) -> Picture:
    groups = report.breakdowns[kind]
    table = breakdown_table(kind, groups)
    if len(groups) > _MOST_ROWS or kind in _OUTCOMES:
        return Picture(drawing=None, table=table)
    chart = IntervalChart(
        name=f"by-{kinds_of(report).index(kind)}",
        title=f"Win rate by {kind}",
        description="A dot is the win rate, the line its 95% interval; grey and hollow where under "
        "30 trades are behind it. The dashed line is the win rate of all trades.",
        across="Win rate after costs, %",
        beside=("trades", "mean"),
        low=0.0,
        high=100.0,
        reference=report.figures.win_rate_percent.value,
    )
    return Picture(drawing=draw_intervals(chart, [_group(group) for group in groups]), table=table)


def _hours(report: BacktestReport) -> Picture:
    chart = BarChart(
        name="hours",
        title="Mean result by hour",
        description="Mean net result in R by the hour in which the signal was published; grey "
        "where under 30 trades are behind it.",
        across="Hour of publication, UTC",
        upwards="Mean net result, R",
    )
    groups = report.breakdowns["hour"]
    bars = [_hour_bar(group) for group in groups]
    return Picture(drawing=draw_bars(chart, bars), table=breakdown_table("hour", groups))


def _hour_bar(group: GroupRow) -> Bar:
    kind = "gain" if group.mean_r > 0 else "loss"
    return Bar(
        label=group.label,
        value=group.mean_r,
        kind="few" if group.is_thin else kind,
        hint=f"{group.label}: {signed_r(group.mean_r)}, {counted(group.trades, 'trade')}",
    )


def _group(group: GroupRow) -> IntervalRow:
    rate = group.win_rate_percent
    ends = interval(rate, percent)
    return IntervalRow(
        label=group.label,
        value=rate.value,
        low=rate.low,
        high=rate.high,
        beside=(count(group.trades), signed_r(group.mean_r)),
        hint=f"{group.label}: {counted(group.trades, 'trade')}, 95% interval {ends}",
        is_thin=group.is_thin,
    )


def _month_bar(month: Month) -> Bar:
    result = signed_percent(month.total_percent)
    return Bar(
        label=month.month,
        value=month.total_percent,
        kind="gain" if month.total_percent > 0 else "loss",
        hint=f"{month.month}: {result} of equity, {counted(month.trades, 'trade')}",
    )


def _result_bar(each: ResultBin) -> Bar:
    return Bar(
        label="" if each.low is None else f"{each.low:g}".replace("-", "−"),
        value=float(each.count),
        kind="gain" if each.low is not None and each.low >= 0 else "loss",
        hint=f"{each.label}: {counted(each.count, 'trade')}",
    )


def _mark(trade: TradeRow) -> ExcursionMark | None:
    if trade.adverse_r is None or trade.favourable_r is None:
        return None
    return ExcursionMark(
        adverse_r=trade.adverse_r,
        favourable_r=trade.favourable_r,
        is_win=trade.net_r > 0,
        hint=f"#{trade.signal_id} {signed_r(trade.net_r)}",
    )
