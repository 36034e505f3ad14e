"""Figures of trades, and the interval that takes trades of a day together."""

import math

import pytest

from engine.walk_forward.figures import expectancy_interval, figures_of
from tests.builders.walk_forward import day, trade


def test_figures_of_two_tests_are_joined() -> None:
    trades = [trade(0, 2.0), trade(1, -1.0), trade(5, 1.0), trade(5, -0.5)]
    found = figures_of(trades, [(day(0), day(2)), (day(4), day(6))])
    assert (found.days, found.traded_days, found.trades, found.total_r) == (4, 3, 4, 1.5)
    assert found.expectancy_r == pytest.approx(0.375)
    assert found.win_percent == 50.0
    assert found.profit_factor == pytest.approx(2.0)
    assert found.drawdown_r == pytest.approx(1.0)
    # Days 2, -1, 0, 0.5: mean 0.375, squares of deviations 4.6875, over 3.
    assert found.sharpe == pytest.approx(0.375 / math.sqrt(4.6875 / 3))


def test_without_trades_there_is_nothing_to_tell() -> None:
    found = figures_of([], [(day(0), day(30))])
    assert (found.days, found.trades, found.total_r) == (30, 0, 0.0)
    assert found.expectancy_r is found.low_r is found.high_r is found.sharpe is None
    assert found.win_percent is found.profit_factor is None


def test_the_interval_is_that_of_a_ratio_over_days() -> None:
    # Mean 0.5 of 20 trades; days (1, 1) and (0, 0): 2 - 1 = 1 and 0 - 1 = -1, on 10 days.
    trades = [trade(number, float(number % 2)) for number in range(10) for _ in range(2)]
    # 2.262157 is the 97.5 % quantile of t with 9 degrees of freedom.
    margin = 2.262157 * math.sqrt(10 / 9 * 10) / 20
    assert expectancy_interval(trades) == pytest.approx((0.5 - margin, 0.5 + margin), abs=1e-5)


def test_few_days_bound_nothing_however_many_trades_they_have() -> None:
    trades = [trade(number, 1.0 + number % 2) for number in range(9) for _ in range(50)]
    assert expectancy_interval(trades) == (None, None)


def test_trades_that_move_together_widen_the_interval() -> None:
    alike = [trade(number, (-1.0) ** number) for number in range(20) for _ in range(5)]
    mixed = [trade(number, (-1.0) ** each) for number in range(20) for each in range(5)]
    width = [high - low for low, high in map(expectancy_interval, (alike, mixed)) if low and high]
    assert width[0] > 2 * width[1]
