"""The figures that a run is judged by, each with its interval and what it means."""

from dataclasses import dataclass

from engine.backtest.metrics.values import BacktestReport, Drawdown, Estimate, TradeRow
from research.reports.tables import Table, row
from research.reports.wording import (
    UNKNOWN,
    Wording,
    count,
    counted,
    day,
    in_r,
    interval,
    minutes,
    or_unknown,
    percent,
    ratio,
    signed_percent,
    signed_r,
)

_NOTHING = Estimate(value=None, low=None, high=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure as people read it.

    `nothing` is the value that would say nothing (an expectancy of 0, a profit factor of 1), None
    where there is no such value. `bounds` are the ends of its interval as numbers.
    """

    name: str
    value: str
    interval: str = UNKNOWN
    meaning: str
    bounds: Estimate = _NOTHING
    nothing: float | None = None


def headline(report: BacktestReport) -> tuple[Figure, ...]:
    """The most telling first."""
    return (
        _trades(report),
        *_with_intervals(report),
        _drawdown(report),
        _total(report),
        _costs(report),
        _reward_to_risk(report),
        _losing_run(report),
        _hold(report),
        _extreme("best trade", report.figures.best),
        _extreme("worst trade", report.figures.worst),
    )


def figures_table(report: BacktestReport) -> Table:
    """The figures as lines."""
    confidence = f"{report.intervals.confidence_percent:g}% interval"
    return Table(
        title="Figures, net of all costs",
        columns=("figure", "value", confidence, "meaning"),
        rows=tuple(
            row(figure.name, figure.value, figure.interval, figure.meaning)
            for figure in headline(report)
        ),
        notes=(_how_drawn(report),),
        words=(0, 3),
    )


def _how_drawn(report: BacktestReport) -> str:
    drawn = report.intervals
    return (
        f"Intervals: {count(drawn.draws)} series of days drawn anew in blocks of "
        f"{drawn.block_days:g} days on average (stationary bootstrap)."
    )


def _trades(report: BacktestReport) -> Figure:
    figures = report.figures
    words = f"{count(figures.wins)} won, {count(figures.losses)} lost, after costs"
    return Figure(
        name="trades",
        value=count(figures.trades),
        meaning=f"{words}; {counted(figures.days, 'day')}",
    )


def _with_intervals(report: BacktestReport) -> tuple[Figure, ...]:
    figures, drawn = report.figures, report.intervals
    sharpe = f"per year; Sortino {or_unknown(figures.sortino, ratio)}, "
    sharpe += f"Calmar {or_unknown(figures.calmar, ratio)}"
    return (
        _estimated("win rate", drawn.win_rate_percent, percent, "won after costs, of all trades"),
        _estimated("expectancy", drawn.expectancy_r, signed_r, "mean net result of a trade", 0.0),
        _estimated("profit factor", drawn.profit_factor, ratio, "R won for each R lost", 1.0),
        _estimated("Sharpe ratio", drawn.sharpe, ratio, sharpe, 0.0),
    )


def _estimated(
    name: str, estimate: Estimate, wording: Wording, meaning: str, nothing: float | None = None
) -> Figure:
    return Figure(
        name=name,
        value=or_unknown(estimate.value, wording),
        interval=interval(estimate, wording),
        meaning=meaning,
        bounds=estimate,
        nothing=nothing,
    )


def _drawdown(report: BacktestReport) -> Figure:
    bounds = report.intervals.drawdown_percent
    return Figure(
        name="deepest drawdown",
        value=UNKNOWN if report.drawdown is None else percent(report.drawdown.percent),
        interval=interval(bounds, percent),
        meaning="of equity" if report.drawdown is None else _fall(report.drawdown),
        bounds=bounds,
    )


def _fall(drawdown: Drawdown) -> str:
    back = drawdown.recovered_at
    if drawdown.began_at is None:
        return "of equity; none"
    end = "not recovered" if back is None else f"recovered {day(back)}"
    return f"of equity ({in_r(drawdown.r)}); from {day(drawdown.began_at)}, {end}"


def _total(report: BacktestReport) -> Figure:
    figures = report.figures
    return Figure(
        name="total",
        value=signed_r(figures.total_r),
        meaning=f"{signed_percent(figures.total_percent)} of equity; "
        f"{signed_percent(figures.compounded_percent)} if compounded",
    )


def _costs(report: BacktestReport) -> Figure:
    costs = report.costs
    parts = f"fees {in_r(costs.fees_r)}, slippage {in_r(costs.slippage_r)}, "
    return Figure(
        name="costs",
        value=or_unknown(costs.share_percent, percent),
        meaning=f"of gross profit; {in_r(costs.total_r)}: {parts}"
        f"funding {in_r(costs.funding_r)}; {or_unknown(costs.per_trade_r, in_r)} a trade",
    )


def _reward_to_risk(report: BacktestReport) -> Figure:
    value = or_unknown(report.figures.reward_to_risk, ratio)
    return Figure(name="reward to risk", value=value, meaning="mean win over mean loss")


def _losing_run(report: BacktestReport) -> Figure:
    run = report.figures.longest_losing_run
    value = UNKNOWN if run is None else count(run)
    return Figure(name="longest losing run", value=value, meaning="losses in a row")


def _hold(report: BacktestReport) -> Figure:
    exposure = report.exposure
    return Figure(
        name="mean hold",
        value=or_unknown(report.figures.mean_hold_minutes, minutes),
        meaning=f"in a trade {percent(exposure.time_percent)} of the time, at most "
        f"{exposure.highest_open} at once",
    )


def _extreme(name: str, trade: TradeRow | None) -> Figure:
    if trade is None:
        return Figure(name=name, value=UNKNOWN, meaning="no trade")
    words = f"#{trade.signal_id} {trade.pair} {trade.direction.name}, {day(trade.ended_at)}"
    return Figure(name=name, value=signed_r(trade.net_r), meaning=words)
