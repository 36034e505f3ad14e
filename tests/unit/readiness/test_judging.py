"""The readiness gate's verdict on the figures of a backtest."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.readiness import CONFLUENCE, ReadinessCheck, ReadinessVerdict
from engine.readiness.judging import ReadinessFigures, judge
from engine.readiness.parameters import ReadinessParameters
from tests.builders.signals import CLOSED_AT

START = CLOSED_AT - timedelta(days=102)
GOOD = ReadinessFigures(
    trades=201,
    win_rate_percent=55.01,
    profit_factor=1.51,
    drawdown_percent=14.99,
    sharpe_ratio=1.21,
    reward_to_risk=1.51,
    losing_run=7,
)


def changed(name: str, value: float | None) -> ReadinessFigures:
    changes: dict[str, Any] = {name: value}
    return replace(GOOD, **changes)


def verdict_on(figures: ReadinessFigures) -> ReadinessVerdict:
    return judge(
        figures,
        ReadinessParameters(),
        at=CLOSED_AT,
        start=START,
        end=CLOSED_AT,
        strategy="5d7e",
        parameter_set=3,
    )


def failed(verdict: ReadinessVerdict) -> list[ReadinessCheck]:
    return [check for check in verdict.checks if not check.is_passed]


def test_figures_just_beyond_every_threshold_pass() -> None:
    verdict = verdict_on(GOOD)
    assert verdict.is_passed
    assert [check.threshold for check in verdict.checks] == [55, 1.5, 15, 1.2, 1.5, 8, 200]


def test_a_verdict_tells_what_it_is_about() -> None:
    verdict = verdict_on(GOOD)
    assert replace(verdict, checks=()) == ReadinessVerdict(
        playbook=CONFLUENCE,
        at=CLOSED_AT,
        start=START,
        end=CLOSED_AT,
        trades=201,
        strategy="5d7e",
        checks=(),
        parameter_set=3,
    )


@pytest.mark.parametrize(
    ("name", "value", "metric"),
    [
        ("win_rate_percent", 55.0, "win rate"),
        ("profit_factor", 1.5, "profit factor"),
        ("drawdown_percent", 15.0, "maximum drawdown"),
        ("sharpe_ratio", 1.2, "Sharpe ratio"),
        ("reward_to_risk", 1.5, "reward to risk achieved"),
        ("losing_run", 8, "longest losing run"),
        ("trades", 200, "sample size"),
    ],
)
def test_a_figure_on_its_threshold_fails_alone(name: str, value: float, metric: str) -> None:
    verdict = verdict_on(changed(name, value))
    assert not verdict.is_passed
    assert [check.metric for check in failed(verdict)] == [metric]


@pytest.mark.parametrize(
    "name",
    [
        "win_rate_percent",
        "profit_factor",
        "drawdown_percent",
        "sharpe_ratio",
        "reward_to_risk",
        "losing_run",
    ],
)
@pytest.mark.parametrize("value", [None, math.inf, -math.inf, math.nan])
def test_a_figure_that_cannot_be_computed_fails(name: str, value: float | None) -> None:
    (check,) = failed(verdict_on(changed(name, value)))
    assert check.value is None
    assert "cannot be computed" in check.text


def test_a_check_tells_value_threshold_and_trades() -> None:
    verdict = verdict_on(replace(GOOD, drawdown_percent=21.458, losing_run=9))
    assert [check.text for check in failed(verdict)] == [
        "maximum drawdown 21.46 %, has to be below 15 % (201 trades)",
        "longest losing run 9, has to be below 8 (201 trades)",
    ]


def test_the_thresholds_are_those_of_the_settings() -> None:
    strict = ReadinessParameters(win_rate_percent=60)
    verdict = judge(GOOD, strict, at=CLOSED_AT, start=START, end=CLOSED_AT, strategy="5d7e")
    assert [check.metric for check in failed(verdict)] == ["win rate"]
