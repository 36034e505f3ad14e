"""Confidence intervals of the figures: what they might have been on other days of the same kind."""

from collections.abc import Callable

from engine.backtest.metrics.bootstrap import Draws, Generator, can_draw, draw_days, interval
from engine.backtest.metrics.daily_totals import DailyTotals, Floats
from engine.backtest.metrics.drawn_figures import (
    drawdowns_percent,
    expectancies_r,
    profit_factors,
    sharpes,
    win_rates_percent,
)
from engine.backtest.metrics.parameters import ReportParameters
from engine.backtest.metrics.values import Drawdown, Estimate, Figures, Intervals


def intervals_of(
    figures: Figures,
    drawdown: Drawdown | None,
    totals: DailyTotals,
    parameters: ReportParameters,
    generator: Generator,
) -> Intervals:
    """Intervals of figures whose days are the `totals`; none where there are too few days."""
    is_possible = can_draw(totals, parameters)
    draws = draw_days(totals.days, parameters, generator) if is_possible else None

    def estimate(value: float | None, of_draws: Callable[[DailyTotals, Draws], Floats]) -> Estimate:
        if draws is None:
            return Estimate(value=value, low=None, high=None)
        return interval(value, of_draws(totals, draws), parameters)

    return Intervals(
        draws=parameters.bootstrap_draws,
        block_days=parameters.bootstrap_block_days,
        confidence_percent=parameters.confidence_percent,
        win_rate_percent=estimate(figures.win_rate_percent.value, win_rates_percent),
        expectancy_r=estimate(figures.expectancy_r, expectancies_r),
        profit_factor=estimate(figures.profit_factor, profit_factors),
        sharpe=estimate(figures.sharpe, sharpes),
        drawdown_percent=estimate(
            None if drawdown is None else drawdown.percent, drawdowns_percent
        ),
    )
