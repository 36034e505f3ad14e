"""Two backtests side by side: what changed, and whether chance explains it."""

from datetime import datetime
from typing import NamedTuple

from domain.directions import Direction
from engine.backtest.metrics.bootstrap import Generator, can_draw, draw_days, interval
from engine.backtest.metrics.compared_figures import compare_figures, difference
from engine.backtest.metrics.comparison_values import Comparison, MatchedTrade
from engine.backtest.metrics.daily_totals import DailyTotals, daily_totals
from engine.backtest.metrics.drawn_figures import expectancies_r
from engine.backtest.metrics.parameters import ReportParameters
from engine.backtest.metrics.values import BacktestReport, Estimate, TradeRow


class _Key(NamedTuple):
    """What makes two trades the same: pair, close decided on, direction."""

    symbol: str
    decided_at: datetime
    direction: Direction


def compare(
    one: BacktestReport,
    other: BacktestReport,
    *,
    parameters: ReportParameters,
    generator: Generator,
) -> Comparison:
    """Figures, trades and mean R of two runs.

    `generator` draws the interval of the difference: the same seed gives the same answer.
    """
    ones, others = _by_key(one), _by_key(other)
    is_paired = (one.start, one.end) == (other.start, other.end)
    difference = _difference(one, other, parameters, generator, is_paired=is_paired)
    return Comparison(
        figures=compare_figures(one, other),
        is_same_strategy=one.strategy == other.strategy,
        in_both=tuple(
            MatchedTrade(one=trade, other=others[key])
            for key, trade in ones.items()
            if key in others
        ),
        only_in_one=tuple(trade for key, trade in ones.items() if key not in others),
        only_in_other=tuple(trade for key, trade in others.items() if key not in ones),
        difference_r=difference,
        is_paired=is_paired,
        is_beyond_chance=_is_beyond_chance(difference),
    )


def _by_key(report: BacktestReport) -> dict[_Key, TradeRow]:
    return {_Key(trade.symbol, trade.decided_at, trade.direction): trade for trade in report.trades}


def _difference(
    one: BacktestReport,
    other: BacktestReport,
    parameters: ReportParameters,
    generator: Generator,
    *,
    is_paired: bool,
) -> Estimate:
    """The other's mean R minus the one's; runs over the same days are drawn together."""
    value = difference(one.figures.expectancy_r, other.figures.expectancy_r)
    days_of_one, days_of_other = _totals(one), _totals(other)
    if not (can_draw(days_of_one, parameters) and can_draw(days_of_other, parameters)):
        return Estimate(value=value, low=None, high=None)
    draws_of_one = draw_days(days_of_one.days, parameters, generator)
    draws_of_other = (
        draws_of_one if is_paired else draw_days(days_of_other.days, parameters, generator)
    )
    drawn = expectancies_r(days_of_other, draws_of_other) - expectancies_r(
        days_of_one, draws_of_one
    )
    return interval(value, drawn, parameters)


def _totals(report: BacktestReport) -> DailyTotals:
    return daily_totals(report.trades, report.start.date(), report.figures.days)


def _is_beyond_chance(difference_r: Estimate) -> bool | None:
    if difference_r.low is None or difference_r.high is None:
        return None
    return not difference_r.low <= 0.0 <= difference_r.high
