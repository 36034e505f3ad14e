"""The sentence that a report begins with never says more than the interval."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.backtest.metrics.values import Estimate
from research.reports.verdict import Finding, verdict_of
from tests.builders.backtest_reports import (
    START,
    make_report,
    make_report_of_few,
    make_report_of_none,
    make_trade,
)


@pytest.mark.parametrize(
    ("low", "high", "finding", "word"),
    [
        (0.02, 0.3, Finding.EDGE, "lies above 0"),
        (-0.02, 0.3, Finding.NO_EDGE, "covers 0"),
        (0.0, 0.3, Finding.NO_EDGE, "covers 0"),
        (-0.3, 0.0, Finding.NO_EDGE, "covers 0"),
        (-0.3, -0.01, Finding.LOSS, "lies below 0"),
    ],
)
def test_interval_of_the_expectancy_decides(
    low: float, high: float, finding: Finding, word: str
) -> None:
    verdict = verdict_of(make_report(expectancy=Estimate(value=0.1, low=low, high=high)))
    assert verdict.finding is finding
    assert word in verdict.sentence


def test_missing_interval_shows_no_edge_however_high_the_mean() -> None:
    verdict = verdict_of(make_report(expectancy=Estimate(value=2.0, low=None, high=None)))
    assert verdict.finding is Finding.NO_EDGE


def test_few_trades_are_not_judged_even_with_a_good_interval() -> None:
    verdict = verdict_of(make_report_of_few())
    assert verdict.finding is Finding.TOO_FEW
    assert "9 trades" in verdict.sentence


def test_many_trades_of_two_days_are_not_judged_even_with_a_good_interval() -> None:
    alike = replace(make_trade(1), ended_at=START + timedelta(days=1))
    later = replace(make_trade(2), ended_at=START + timedelta(days=2))
    good = Estimate(value=0.4, low=0.3, high=0.5)
    verdict = verdict_of(make_report((alike,) * 40 + (later,) * 40, expectancy=good))
    assert verdict.finding is Finding.TOO_FEW_DAYS
    assert "80 trades fall on 2 days" in verdict.sentence


def test_run_without_trades_says_so() -> None:
    assert verdict_of(make_report_of_none()).finding is Finding.NO_TRADES
