"""A comparison says better or worse only where chance does not explain it."""

from dataclasses import replace

import pytest

from engine.backtest.metrics.values import Estimate
from research.reports.content.comparison import cautions, curves_of, matched_table, verdict_on
from tests.builders.research_reports import make_comparison

NAMES = ("old", "new")


@pytest.mark.parametrize(
    ("value", "is_beyond_chance", "beginning"),
    [
        (0.2, True, "Better: on average a trade of new earned 0.20R more than one of old"),
        (-0.2, True, "Worse: on average a trade of new earned 0.20R less than one of old"),
        (0.2, False, "No difference shown: on average a trade of new earned 0.20R more"),
        (0.2, None, "No difference shown: "),
        (None, None, "Nothing can be compared"),
    ],
)
def test_verdict_follows_the_interval(
    value: float | None, is_beyond_chance: bool | None, beginning: str
) -> None:
    drawn = Estimate(value=value, low=0.1, high=0.3)
    comparison = replace(make_comparison(), difference_r=drawn, is_beyond_chance=is_beyond_chance)
    assert verdict_on(comparison, NAMES).startswith(beginning)


def test_different_periods_and_equal_parameters_are_told() -> None:
    comparison = replace(make_comparison(), is_paired=False, is_same_strategy=True)
    same, periods = cautions(comparison)
    assert "same parameters" in same
    assert "different periods" in periods
    assert cautions(make_comparison()) == ()


def test_matched_trades_with_the_same_result_are_only_counted() -> None:
    table = matched_table(make_comparison(), NAMES)
    assert len(table.rows) == 30
    assert table.notes[0].startswith("60 trades are in both")
    assert "30 of them with the same result" in table.notes[0]


def test_curves_end_at_the_sum_of_all_trades_of_a_run() -> None:
    comparison = make_comparison()
    one, other = curves_of(comparison, NAMES)
    ones = [*(pair.one for pair in comparison.in_both), *comparison.only_in_one]
    assert one.points[-1][1] == pytest.approx(sum(trade.equity_percent for trade in ones))
    assert (len(one.points), len(other.points)) == (90, 70)


def test_run_without_a_trade_has_no_curve() -> None:
    empty = replace(make_comparison(), in_both=(), only_in_other=())
    assert [curve.name for curve in curves_of(empty, NAMES)] == ["old"]
