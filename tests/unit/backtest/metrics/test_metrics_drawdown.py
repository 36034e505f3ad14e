"""The equity curve, its deepest fall, and how long falls last."""

import pytest

from engine.backtest.metrics.values import Drawdown
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    FIVE_TRADES,
    HOUR,
    START,
    make_trade,
    report_on,
)


def _drawdown(*results: str, days: float = 10) -> Drawdown:
    trades = [
        make_trade(number, r, (number - 1) * DAY, hold=HOUR)
        for number, r in enumerate(results, start=1)
    ]
    drawdown = report_on(*trades, days=days).drawdown
    assert drawdown is not None
    return drawdown


def test_the_curve_begins_at_0_and_has_a_point_for_each_trade() -> None:
    curve = report_on(*FIVE_TRADES).curve

    assert [point.total_r for point in curve] == [0, 2, 1, 2, 1, 0.5]
    assert [point.total_percent for point in curve] == [0, 2, 1, 2, 1, 0.5]
    assert [point.drawdown_percent for point in curve] == [0, 0, 1, 0, 1, 1.5]
    assert [point.at for point in curve][:2] == [START, START + 2 * HOUR]
    assert curve[2].compounded_percent == pytest.approx((1.02 * 0.99 - 1) * 100)


def test_r_and_percent_fall_apart_where_sizes_differ() -> None:
    small = make_trade(1, "2", HOUR, notional="1000")
    large = make_trade(2, "-1", 5 * HOUR)

    point = report_on(small, large).curve[-1]

    assert (point.total_r, point.total_percent) == (1.0, -0.6)
    assert (point.drawdown_r, point.drawdown_percent) == (1.0, 1.0)


def test_the_fall_in_r_may_be_another_than_the_one_in_percent() -> None:
    small = [make_trade(number, "-1", number * 3 * HOUR, notional="500") for number in (1, 2, 3)]
    large = make_trade(4, "-2", 40 * HOUR)
    between = make_trade(5, "5", 30 * HOUR)

    drawdown = report_on(*small, between, large).drawdown

    assert drawdown is not None
    assert (drawdown.r, drawdown.percent) == (3.0, 2.0)


def test_the_deepest_fall_is_told_with_its_times() -> None:
    drawdown = _drawdown("3", "-1", "-1", "1", "2")

    assert (drawdown.percent, drawdown.r) == (2.0, 2.0)
    assert drawdown.began_at == START + HOUR
    assert drawdown.lowest_at == START + 2 * DAY + HOUR
    assert drawdown.recovered_at == START + 4 * DAY + HOUR
    assert drawdown.days == drawdown.longest_days == 4.0


def test_a_fall_back_to_the_very_high_is_over() -> None:
    assert _drawdown("3", "-1", "1").recovered_at == START + 2 * DAY + HOUR


def test_a_fall_that_is_not_over_lasts_until_the_end_of_the_period() -> None:
    drawdown = _drawdown("1", "-1", days=6)

    assert drawdown.recovered_at is None
    assert drawdown.days == pytest.approx(6 - 1 / 24)


def test_the_longest_fall_need_not_be_the_deepest() -> None:
    drawdown = _drawdown("1", "-3", "4", "-1", "-0.5", "0.5", "2", days=7)

    assert drawdown.percent == 3.0
    assert drawdown.days == 2.0
    assert drawdown.longest_days == 4.0


def test_a_fall_from_the_start_counts_from_the_start() -> None:
    drawdown = _drawdown("-2", "3")

    assert drawdown.percent == 2.0
    assert drawdown.began_at == START


def test_a_reinvested_fall_is_in_percent_of_its_high() -> None:
    assert _drawdown("50", "-10").compounded_percent == pytest.approx(10.0)


def test_a_curve_that_never_falls_has_no_times() -> None:
    drawdown = _drawdown("1", "1")

    assert (drawdown.percent, drawdown.days, drawdown.longest_days) == (0.0, 0.0, 0.0)
    assert drawdown.began_at is drawdown.lowest_at is drawdown.recovered_at is None
