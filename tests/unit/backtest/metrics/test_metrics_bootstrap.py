"""How days are drawn anew, and what the figures of drawn days are."""

import numpy as np
import pytest

from engine.backtest.metrics.bootstrap import can_draw, draw_days, interval
from engine.backtest.metrics.daily_totals import DailyTotals, daily_totals
from engine.backtest.metrics.drawn_figures import (
    drawdowns_percent,
    expectancies_r,
    profit_factors,
    sharpes,
    win_rates_percent,
)
from engine.backtest.metrics.parameters import ReportParameters
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    FIVE_TRADES,
    HOUR,
    START,
    make_trade,
    report_on,
)

_MANY = ReportParameters(bootstrap_draws=4000, bootstrap_block_days=4)


def _totals() -> DailyTotals:
    return daily_totals(report_on(*FIVE_TRADES).trades, START.date(), 4)


def _totals_of_daily_trades(number: int) -> DailyTotals:
    """A trade on each of so many days, and a day without one."""
    trades = [make_trade(each, "1", (each - 1) * DAY) for each in range(1, number + 1)]
    days = number + 1
    return daily_totals(report_on(*trades, days=days).trades, START.date(), days)


def test_days_are_summed_up_with_the_path_within_them() -> None:
    totals = _totals()

    assert totals.trades.tolist() == [2, 1, 2, 0]
    assert totals.wins.tolist() == [1, 1, 0, 0]
    assert totals.gained_r.tolist() == [2, 1, 0, 0]
    assert totals.lost_r.tolist() == [1, 0, 1.5, 0]
    assert totals.percent.tolist() == [1, 1, -1.5, 0]
    assert totals.highest.tolist() == [2, 1, 0, 0]
    assert totals.lowest.tolist() == [0, 0, -1.5, 0]
    assert totals.fall.tolist() == [1, 0, 1.5, 0]
    assert (totals.days, totals.traded_days) == (4, 3)


def test_figures_of_chosen_days_are_those_worked_out_by_hand() -> None:
    totals = _totals()
    draws = np.array([[0, 1, 2, 3], [2, 2, 0, 3], [1, 1, 1, 3], [3, 3, 3, 3]])

    assert win_rates_percent(totals, draws)[:3] == pytest.approx([40, 100 / 6, 100])
    assert expectancies_r(totals, draws)[:3] == pytest.approx([0.1, -2 / 6, 1])
    assert profit_factors(totals, draws)[:3].tolist() == [1.2, 0.5, np.inf]
    assert drawdowns_percent(totals, draws).tolist() == [1.5, 3.0, 0.0, 0.0]


def test_days_without_a_trade_have_no_figures() -> None:
    totals, idle = _totals(), np.array([[3, 3, 3, 3]])

    for figure in (win_rates_percent, expectancies_r, profit_factors, sharpes):
        assert np.isnan(figure(totals, idle)).all()


def test_days_that_do_not_vary_have_no_sharpe_ratio() -> None:
    trades = [make_trade(number, "0.7", (number - 1) * DAY) for number in range(1, 8)]
    totals = daily_totals(report_on(*trades, days=7).trades, START.date(), 7)

    assert np.isnan(sharpes(totals, np.arange(7)[np.newaxis])).all()


def test_a_series_consists_of_days_that_follow_one_another_and_of_new_begins() -> None:
    draws = draw_days(50, _MANY, np.random.default_rng(3))

    follows = np.diff(draws, axis=1) % 50 == 1
    assert draws.shape == (4000, 50)
    # A new block begins with 1/4, and by chance goes on where the old one stopped with 1/50.
    assert follows.mean() == pytest.approx(3 / 4 + 1 / 4 / 50, abs=0.005)


def test_every_day_is_drawn_as_often_as_any_other() -> None:
    draws = draw_days(10, _MANY, np.random.default_rng(3))

    shares = np.bincount(draws.ravel(), minlength=10) / draws.size
    assert shares == pytest.approx(np.full(10, 0.1), abs=0.005)


def test_blocks_of_one_day_are_independent_days() -> None:
    draws = draw_days(
        40, ReportParameters(bootstrap_block_days=1, bootstrap_draws=2000), np.random.default_rng(4)
    )

    assert (np.diff(draws, axis=1) % 40 == 1).mean() == pytest.approx(1 / 40, abs=0.004)


def test_an_interval_leaves_out_the_same_share_on_either_side() -> None:
    drawn = np.arange(1.0, 101.0)

    told = interval(50.0, drawn, ReportParameters(confidence_percent=90))

    assert (told.value, told.low, told.high) == (50.0, 5.0, 95.0)


def test_draws_without_the_figure_are_left_out_and_an_infinite_end_lies_open() -> None:
    drawn = np.array([np.nan, 1.0, 2.0, np.inf, np.inf])

    told = interval(2.0, drawn, ReportParameters())

    assert (told.low, told.high) == (1.0, None)


def test_a_figure_that_cannot_be_computed_has_no_interval() -> None:
    told = interval(None, np.array([1.0, 2.0]), ReportParameters())

    assert told.value is told.low is told.high is None


def test_few_days_say_nothing_about_chance() -> None:
    totals = _totals_of_daily_trades(40)

    assert can_draw(totals, ReportParameters(bootstrap_block_days=20.5))
    assert not can_draw(totals, ReportParameters(bootstrap_block_days=20.6))


def test_few_days_with_trades_say_nothing_about_chance() -> None:
    every_day = ReportParameters(bootstrap_block_days=1)

    assert can_draw(_totals_of_daily_trades(20), every_day)
    assert not can_draw(_totals_of_daily_trades(19), every_day)


def test_a_report_of_few_days_has_figures_but_no_intervals() -> None:
    intervals = report_on(*FIVE_TRADES, days=4).intervals

    assert intervals.expectancy_r.value == pytest.approx(0.1)
    assert intervals.expectancy_r.low is intervals.expectancy_r.high is None


def test_a_report_of_many_days_has_intervals_around_its_figures() -> None:
    trades = [
        make_trade(number, "1" if number % 2 else "-1", number * DAY, hold=HOUR * (1 + number % 3))
        for number in range(1, 39)
    ]

    intervals = report_on(*trades, days=40).intervals

    for told in (intervals.expectancy_r, intervals.win_rate_percent, intervals.profit_factor):
        assert told.value is not None
        assert told.low is not None
        assert told.high is not None
        assert told.low <= told.value <= told.high
    assert intervals.drawdown_percent.high is not None
    assert intervals.drawdown_percent.high > 1.0
