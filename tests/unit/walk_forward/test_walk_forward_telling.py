"""What people are told of a walk-forward: terminal, JSON, warnings, parameter set."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from domain.evidence import LayerName
from engine.walk_forward.caveats import warnings_of
from engine.walk_forward.optimise import WalkForward
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.recommendation import note_on, origin_of
from engine.walk_forward.values import Deflation, ParameterStability, WalkForwardResult
from engine.walk_forward.windows import windows_of
from research.walk_forward_report import render_walk_forward, walk_forward_to_json
from tests.builders.walk_forward import TUNED, DailyEvaluator, ListedStudy, day


@pytest.fixture(scope="module")
def result() -> WalkForwardResult:
    """A clear edge at 5, in two windows of three trials."""
    parameters = WalkForwardParameters(
        train_days=20, test_days=10, step_days=10, embargo_days=0, least_trades=5
    )
    forward = WalkForward(
        evaluator=DailyEvaluator(
            lambda values, _day: 0.4 - 0.2 * abs(values.get(TUNED.name, 8.0) - 5.0)
        ),
        open_study=lambda _window: ListedStudy([{TUNED.name: value} for value in (3.0, 5.0, 8.0)]),
        ranges=[TUNED],
        parameters=parameters,
        on_progress=lambda _window, _done: None,
    )
    return forward.run(windows_of(day(0), day(40), parameters, timedelta(hours=3)))


def test_the_terminal_says_the_trials_first_and_fits_100_columns(
    result: WalkForwardResult,
) -> None:
    written = StringIO()
    Console(width=100, file=written).print(render_walk_forward(result))
    lines = written.getvalue().splitlines()
    assert lines[0].startswith("Walk-forward: 2 windows, tests from 2025-03-21 to 2025-04-10")
    assert lines[3].startswith("- 6 trials were made over 2 windows.")
    assert all(len(line.rstrip()) <= 100 for line in lines)
    told = " ".join(lines)
    for part in ("chosen by each window", "in force", TUNED.name, "5, 5", "Plateau:"):
        assert part in told


def test_json_holds_every_figure_and_every_trade(result: WalkForwardResult) -> None:
    read = json.loads(walk_forward_to_json(result))
    assert read["schema"] == "quorum-walk-forward"
    told = read["result"]
    assert told["recommended"] == {TUNED.name: 5.0}
    assert len(told["trades"]) == result.test.trades
    assert told["deflation"]["trials"] == 6
    assert told["windows"][0]["window"]["test_start"] == "2025-03-21T00:00:00Z"
    assert told["warnings"] == list(result.warnings)


def test_the_recommended_set_says_where_it_comes_from_and_what_it_is_worth(
    result: WalkForwardResult,
) -> None:
    assert origin_of(result) == "walk-forward, 2 windows, 6 trials"
    note = note_on(result, [LayerName.TECHNICAL])
    assert note.startswith("tested on days never fitted on, 2025-03-21 to 2025-04-10: +0.4")
    assert "the values in force there: -0.2" in note
    assert note.endswith("layers on: technical")


def test_each_weakness_is_said_once_and_in_words(result: WalkForwardResult) -> None:
    strong = replace(result, windows=tuple(replace(each, plateau=1.0) for each in result.windows))
    assert len(warnings_of(strong)) == 1
    weak = replace(
        result,
        test=replace(result.test, trades=12, low_r=-0.1),
        efficiency=0.2,
        stability=(ParameterStability(name="a.b", low=0, high=10, chosen=(1.0, 9.0), spread=0.8),),
        windows=tuple(replace(window, plateau=0.1) for window in result.windows[:1]),
    )
    told = warnings_of(weak)[1:]
    assert [each.split()[0] for each in told] == ["The", "No", "A", "The", "Window"]
    assert "hold 12 trades" in told[0]
    assert "earned 20%" in told[2]
    assert "80% of the range" in told[3]


def test_an_interval_above_zero_of_few_days_shows_no_edge(result: WalkForwardResult) -> None:
    assert not any("No edge" in each for each in warnings_of(result))
    few = replace(result, test=replace(result.test, traded_days=19))
    assert any(
        "No edge is shown: the trades of the tests are of 19 days" in each
        for each in warnings_of(few)
    )


@pytest.mark.parametrize(
    ("deflated", "words"),
    [
        (0.96, "more than luck alone would bring"),
        (0.94, "no more than luck may bring"),
        (None, "too few trades"),
    ],
)
def test_the_verdict_on_luck_follows_the_deflated_ratio(
    result: WalkForwardResult, deflated: float | None, words: str
) -> None:
    judged = Deflation(
        trials=6, variance=0.01, expected_maximum=0.1, probabilistic=0.99, deflated=deflated
    )
    assert words in warnings_of(replace(result, deflation=judged))[0]
