"""How a verdict stands today: failed, too old, for other parameters, overridden."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.readiness import ReadinessVerdict
from engine.readiness.parameters import ReadinessParameters
from engine.readiness.standing import ReadinessStanding, standing
from tests.builders.research import NO_SHARPE, WIN_RATE, make_verdict
from tests.builders.signals import CLOSED_AT


def stands(
    verdict: ReadinessVerdict | None,
    *,
    after: timedelta = timedelta(0),
    strategy: str = "5d7e",
    stated: str = "",
    parameters: ReadinessParameters | None = None,
) -> ReadinessStanding:
    return standing(
        verdict,
        CLOSED_AT + after,
        strategy=strategy,
        stated=stated,
        parameters=parameters or ReadinessParameters(),
    )


def test_a_passed_verdict_of_today_allows() -> None:
    found = stands(make_verdict())
    assert found.is_allowed
    assert found.is_passed
    assert found.refusals == ()


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        (None, "no backtest"),
        (make_verdict(WIN_RATE, NO_SHARPE), "failed: Sharpe ratio cannot be computed"),
        (make_verdict(strategy="other"), "other parameters"),
        (make_verdict(hours=-30 * 24 - 1), "30 days ago"),
        (make_verdict(hours=25), "future"),
        (replace(make_verdict(), checks=()), "nothing at all"),
    ],
)
def test_each_doubt_refuses_in_words(verdict: ReadinessVerdict | None, word: str) -> None:
    found = stands(verdict)
    assert not found.is_allowed
    (reason,) = found.refusals
    assert word in reason


def test_a_verdict_counts_for_30_days_to_the_instant() -> None:
    assert stands(make_verdict(), after=timedelta(days=30)).is_allowed
    assert not stands(make_verdict(), after=timedelta(days=30, seconds=1)).is_allowed


def test_all_doubts_are_told() -> None:
    old = make_verdict(NO_SHARPE, WIN_RATE, NO_SHARPE, strategy="other", hours=-31 * 24)
    assert len(stands(old).reasons) == 4


def test_a_figure_that_passed_looser_thresholds_than_those_in_force_is_refused() -> None:
    strict = ReadinessParameters(win_rate_percent=60)
    (reason,) = stands(make_verdict(WIN_RATE), parameters=strict).refusals
    assert reason == "failed: win rate 58.10 %, has to be above 60 % (312 trades)"


def test_a_figure_that_failed_is_not_passed_by_lowering_its_threshold_afterwards() -> None:
    failed = replace(WIN_RATE, value=50.0, is_passed=False, text="win rate 50 %")
    loose = ReadinessParameters(win_rate_percent=40)
    assert stands(make_verdict(failed), parameters=loose).refusals == ("failed: win rate 50 %",)


def test_a_figure_that_was_not_judged_is_refused() -> None:
    verdict = make_verdict()
    without = tuple(check for check in verdict.checks if check.metric != "sample size")
    found = stands(replace(verdict, checks=without))
    assert found.refusals == ("not judged: sample size",)


def test_a_failed_figure_that_nothing_asks_for_any_more_is_still_refused() -> None:
    odd = replace(WIN_RATE, metric="beauty", is_passed=False, text="beauty 3")
    assert stands(make_verdict(odd)).refusals == ("failed: beauty 3",)


def test_candles_that_end_more_than_30_days_before_the_verdict_are_refused() -> None:
    at_the_edge = replace(make_verdict(), end=CLOSED_AT - timedelta(days=30))
    assert stands(at_the_edge).is_allowed
    (reason,) = stands(replace(at_the_edge, end=CLOSED_AT - timedelta(days=31))).refusals
    assert "ends 31 days before it was judged, allowed are 30" in reason


def test_an_override_allows_what_the_gate_refuses_and_hides_no_reason() -> None:
    found = stands(None, stated=" small size ")
    assert found.is_allowed
    assert not found.is_passed
    assert found.override == "small size"
    assert found.reasons
    assert found.refusals == ()


def test_an_override_of_blanks_is_none() -> None:
    assert not stands(None, stated="  ").is_allowed


def test_an_override_is_not_in_force_where_the_gate_is_passed() -> None:
    assert stands(make_verdict(), stated="small size").override == ""
