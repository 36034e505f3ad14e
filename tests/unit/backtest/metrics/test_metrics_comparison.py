"""Two runs side by side."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from domain.directions import Direction
from domain.signals import FollowedSignal
from engine.backtest.metrics import ReportParameters, compare
from engine.backtest.metrics.comparison_values import ComparedFigure, Comparison
from engine.backtest.metrics.values import BacktestReport, Estimate
from engine.backtest.values import TestedStrategy
from engine.issue import IssueParameters
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    FIVE_TRADES,
    HOUR,
    make_trade,
    report_on,
)


def _compare(one: BacktestReport, other: BacktestReport) -> Comparison:
    parameters = ReportParameters(bootstrap_draws=400)
    return compare(one, other, parameters=parameters, generator=np.random.default_rng(5))


def _figure(comparison: Comparison, name: str, unit: str = "") -> ComparedFigure:
    [found] = [each for each in comparison.figures if (each.name, each.unit) == (name, unit)]
    return found


def _noisy(mean: float, *, seed: int = 7, count: int = 60) -> Sequence[FollowedSignal]:
    """One trade a day: the same noise for the same seed, around a mean."""
    noise = np.random.default_rng(seed).normal(0, 0.8, count)
    return [
        make_trade(number, f"{mean + noise[number - 1]:.2f}", (number - 1) * DAY)
        for number in range(1, count + 1)
    ]


def test_figures_stand_side_by_side_with_their_difference() -> None:
    comparison = _compare(report_on(*FIVE_TRADES), report_on(*FIVE_TRADES[:3]))

    trades = _figure(comparison, "trades")
    assert (trades.one, trades.other, trades.difference) == (5, 3, -2)
    assert _figure(comparison, "total", "R").difference == pytest.approx(1.5)
    assert _figure(comparison, "deepest drawdown", "%").difference == pytest.approx(-0.5)
    assert _figure(comparison, "deepest drawdown", "R").one == 1.5
    # From the end of the third trade, 28 hours after the start, to the end of four days.
    assert _figure(comparison, "longest drawdown", "days").one == pytest.approx(68 / 24)


def test_a_figure_that_one_run_does_not_have_has_no_difference() -> None:
    comparison = _compare(report_on(*FIVE_TRADES), report_on())

    factor = _figure(comparison, "profit factor")
    assert (factor.one, factor.other, factor.difference) == (1.2, None, None)
    assert _figure(comparison, "deepest drawdown", "%").other is None


def test_trades_are_matched_by_pair_close_and_direction() -> None:
    kept = make_trade(1, "1", HOUR)
    otherwise = make_trade(1, "-1", HOUR, hold=2 * HOUR)
    gone, turned = make_trade(2, "1", 9 * HOUR), make_trade(3, "1", 12 * HOUR)
    turned_over = make_trade(3, "1", 12 * HOUR, direction=Direction.SHORT)
    other_pair = make_trade(4, "1", 9 * HOUR, base="ETH")

    comparison = _compare(
        report_on(kept, gone, turned), report_on(otherwise, turned_over, other_pair)
    )

    [both] = comparison.in_both
    assert (both.one.net_r, both.other.net_r, both.difference_r) == (1, -1, -2)
    assert [trade.signal_id for trade in comparison.only_in_one] == [2, 3]
    assert [trade.signal_id for trade in comparison.only_in_other] == [4, 3]


def test_a_run_is_equal_to_itself() -> None:
    report = report_on(*_noisy(0.1), days=60)

    comparison = _compare(report, report)

    assert comparison.is_same_strategy
    assert comparison.is_paired
    assert comparison.difference_r == Estimate(value=0.0, low=0.0, high=0.0)
    assert comparison.is_beyond_chance is False
    assert not comparison.only_in_one
    assert not comparison.only_in_other
    assert {each.difference for each in comparison.figures} <= {0.0, None}


def test_on_the_same_days_a_small_gain_on_every_trade_is_beyond_chance() -> None:
    comparison = _compare(report_on(*_noisy(0.0), days=60), report_on(*_noisy(0.1), days=60))

    assert comparison.is_paired
    assert comparison.difference_r.value == pytest.approx(0.1)
    assert comparison.is_beyond_chance is True


def test_runs_over_other_days_are_drawn_apart_and_a_small_gain_may_be_chance() -> None:
    longer = report_on(*_noisy(0.1), days=61)

    comparison = _compare(report_on(*_noisy(0.0), days=60), longer)

    assert not comparison.is_paired
    assert comparison.is_beyond_chance is False
    assert comparison.difference_r.low is not None
    assert comparison.difference_r.high is not None
    assert comparison.difference_r.low < -0.1 < 0.3 < comparison.difference_r.high


def test_a_large_difference_of_other_days_is_beyond_chance() -> None:
    comparison = _compare(
        report_on(*_noisy(0.0), days=60), report_on(*_noisy(1.0, seed=8, count=50), days=50)
    )

    assert comparison.is_beyond_chance is True


def test_too_few_days_leave_it_open_whether_it_is_chance() -> None:
    comparison = _compare(report_on(*FIVE_TRADES), report_on(*FIVE_TRADES[:3]))

    assert comparison.difference_r.value == pytest.approx(2 / 3 - 0.1)
    assert comparison.difference_r.low is None
    assert comparison.is_beyond_chance is None


def test_another_parameter_is_another_strategy() -> None:
    patient = TestedStrategy(issuing=IssueParameters(entry_window_seconds=1200))

    comparison = _compare(report_on(), report_on(strategy=patient))

    assert not comparison.is_same_strategy


def test_a_comparison_survives_json() -> None:
    comparison = _compare(report_on(*FIVE_TRADES), report_on(*FIVE_TRADES[:3]))

    assert msgspec.json.decode(msgspec.json.encode(comparison), type=Comparison) == comparison
