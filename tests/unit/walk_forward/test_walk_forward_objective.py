"""What a trial is judged by."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.walk_forward.daily import daily_r, sharpe_of
from engine.walk_forward.objective import UNTRADED, judge_trial
from tests.builders.walk_forward import day, trade


def score(*daily: float, least_trades: int = 2) -> float:
    """Score of one trade a day."""
    trades = [trade(number, net_r) for number, net_r in enumerate(daily)]
    return judge_trial(trades, day(0), day(len(daily)), least_trades).score


def test_trades_of_a_day_are_added_up_and_idle_days_count_as_nothing() -> None:
    trades = [trade(0, 1.5), trade(2, -1.0), trade(2, 0.25)]
    assert daily_r(trades, day(0), day(4)) == [1.5, 0.0, -0.75, 0.0]


def test_the_score_is_the_t_statistic_of_days() -> None:
    # mean 0.5, deviations 0.5 and -0.5 twice each: sum of squares 1, over 3.
    assert score(1.0, 0.0, 1.0, 0.0) == pytest.approx(0.5 / math.sqrt(1 / 3) * 2)


def test_the_same_days_twice_are_worth_more_than_once() -> None:
    assert score(1.0, -0.5, 1.0, -0.5) > score(1.0, -0.5)


def test_one_lucky_trade_is_worth_less_than_the_same_in_many() -> None:
    assert score(4.0, 0.0, 0.0, 0.0, 0.1) < score(0.9, 0.7, 0.8, 0.9, 0.8)


def test_a_crowd_on_one_day_is_one_observation() -> None:
    crowd = [trade(0, 1.0) for _ in range(20)]
    spread = [trade(number, 1.0) for number in range(20) if number != 7]
    days = day(0), day(20)
    assert judge_trial(crowd, *days, 2).score < judge_trial(spread, *days, 2).score


def test_too_few_trades_rank_below_the_worst_that_has_enough_by_their_number() -> None:
    awful = score(*[-1.0, -1.1] * 10, least_trades=20)
    few = score(3.0, 2.0, 3.0, least_trades=20)
    fewer = score(3.0, 2.0, least_trades=20)
    assert fewer < few < awful
    assert judge_trial([], day(0), day(30), 2).score == UNTRADED


@pytest.mark.parametrize("series", [[], [1.0], [0.5, 0.5, 0.5]])
def test_without_variation_there_is_no_ratio(series: list[float]) -> None:
    assert sharpe_of(series) is None


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=40), st.floats(0.1, 10))
def test_the_ratio_does_not_depend_on_the_size_of_a_trade(
    series: list[float], factor: float
) -> None:
    ratio = sharpe_of(series)
    scaled = sharpe_of([each * factor for each in series])
    if ratio is not None and scaled is not None:
        assert scaled == pytest.approx(ratio, rel=1e-6, abs=1e-9)
