"""Every figure of a report against its definition, worked out by hand."""

import math
import statistics

import pytest

from engine.backtest.metrics.growth import growth
from engine.backtest.metrics.period import Period
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    FIVE_TRADES,
    HOUR,
    START,
    make_trade,
    report_on,
)


def test_five_trades_give_the_figures_worked_out_by_hand() -> None:
    figures = report_on(*FIVE_TRADES).figures

    assert (figures.days, figures.trades, figures.wins, figures.losses) == (4, 5, 2, 3)
    assert figures.win_rate_percent.value == 40.0
    assert figures.reward_to_risk == pytest.approx(1.5 / (2.5 / 3))
    assert figures.expectancy_r == pytest.approx(0.1)
    assert figures.profit_factor == pytest.approx(3 / 2.5)
    assert (figures.total_r, figures.total_percent) == (0.5, 0.5)
    assert figures.mean_hold_minutes == 60.0
    assert figures.longest_losing_run == 2


def test_the_win_rate_comes_with_wilsons_interval() -> None:
    rate = report_on(*FIVE_TRADES).figures.win_rate_percent

    # E. B. Wilson (1927) for 2 of 5.
    assert rate.low == pytest.approx(11.76, abs=0.01)
    assert rate.high == pytest.approx(76.93, abs=0.01)


def test_reinvested_results_multiply() -> None:
    figures = report_on(*FIVE_TRADES).figures

    by_hand = 1.02 * 0.99 * 1.01 * 0.99 * 0.995 - 1
    assert figures.compounded_percent == pytest.approx(by_hand * 100)


def test_sharpe_and_sortino_count_every_day_of_the_period() -> None:
    figures = report_on(*FIVE_TRADES).figures

    days = [1.0, 1.0, -1.5, 0.0]
    mean, year = statistics.fmean(days), math.sqrt(365)
    assert figures.sharpe == pytest.approx(mean / statistics.stdev(days) * year)
    assert figures.sortino == pytest.approx(mean / math.sqrt(1.5**2 / 4) * year)


def test_days_before_the_first_signal_are_days_without_a_result() -> None:
    late = make_trade(1, "1", 3 * DAY + HOUR)

    figures = report_on(late, days=4).figures

    days = [0.0, 0.0, 0.0, 1.0]
    assert figures.days == 4
    assert figures.sharpe == pytest.approx(0.25 / statistics.stdev(days) * math.sqrt(365))


def test_calmar_is_the_result_of_a_year_over_the_deepest_fall() -> None:
    figures = report_on(*FIVE_TRADES).figures

    assert figures.calmar == pytest.approx(0.5 / 4 * 365 / 1.5)


def test_best_and_worst_are_rows_of_the_trades() -> None:
    report = report_on(*FIVE_TRADES)

    assert report.figures.best == report.trades[0]
    assert report.figures.worst == report.trades[1]


def test_without_a_loss_there_is_no_ratio_to_losses() -> None:
    report = report_on(make_trade(1, "2", HOUR))

    figures = report.figures
    assert figures.reward_to_risk is figures.profit_factor is None
    assert figures.sortino is figures.calmar is None
    assert figures.longest_losing_run == 0
    assert report.drawdown is not None
    assert report.drawdown.percent == 0.0


def test_losses_that_cost_nothing_leave_no_ratio() -> None:
    figures = report_on(make_trade(1, "2", HOUR), make_trade(2, "0", 5 * HOUR)).figures

    assert (figures.wins, figures.losses) == (1, 1)
    assert figures.reward_to_risk is figures.profit_factor is None


def test_a_trade_that_earned_nothing_is_a_loss_of_nothing() -> None:
    trades = [make_trade(n, r, n * 2 * HOUR) for n, r in enumerate(["2", "-1", "0"], start=1)]

    figures = report_on(*trades).figures

    assert figures.losses == 2
    assert figures.reward_to_risk == pytest.approx(2 / 0.5)


def test_equity_that_is_lost_does_not_come_back() -> None:
    assert growth([-60.0, -150.0, 100.0]) == pytest.approx((0.0, -60.0, -100.0, -100.0))


def test_a_period_counts_the_days_it_touches() -> None:
    period = Period(start=START + 6 * HOUR, end=START + DAY + HOUR)

    assert period.days == 2
    assert period.length_days == pytest.approx(19 / 24)


def test_a_period_that_ends_at_midnight_has_no_part_of_the_next_day() -> None:
    assert Period(start=START, end=START + 3 * DAY).days == 3


def test_a_period_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(start=START, end=START)
