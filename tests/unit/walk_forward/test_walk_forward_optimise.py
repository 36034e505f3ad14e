"""Fitting on the train days of each window, and judging by its test days."""

from datetime import timedelta

import pytest

from domain.errors import ConfigurationError
from engine.walk_forward.optimise import WalkForward, best_of
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.values import Values, WalkForwardResult, Window
from engine.walk_forward.windows import windows_of
from tests.builders.walk_forward import TUNED, DailyEvaluator, ListedStudy, day, finished

PARAMETERS = WalkForwardParameters(
    train_days=20, test_days=10, step_days=10, embargo_days=0, least_trades=5, trials=5
)
WINDOWS = windows_of(day(0), day(50), PARAMETERS, timedelta(hours=3))
TRIED: tuple[Values, ...] = tuple({TUNED.name: value} for value in (9.0, 7.0, 5.0, 1.0, 3.0))


def edge_at_five(values: Values, _day: int) -> float:
    """Earns most with 5, loses far from it; the strategy file's own value earns nothing."""
    return 0.4 - 0.2 * abs(values[TUNED.name] - 5.0) if values else 0.0


def edge_that_ends(values: Values, number: int) -> float:
    """Earns while the first window is fitted, and loses from its test on."""
    return edge_at_five(values, number) if number < 20 else -0.4


def run(evaluator: DailyEvaluator, seen: list[tuple[int, int]] | None = None) -> WalkForwardResult:
    def note(window: Window, done: int) -> None:
        if seen is not None:
            seen.append((window.number, done))

    forward = WalkForward(
        evaluator=evaluator,
        open_study=lambda _window: ListedStudy(TRIED),
        ranges=[TUNED],
        parameters=PARAMETERS,
        on_progress=note,
    )
    return forward.run(WINDOWS)


def test_the_best_values_of_the_train_days_are_judged_by_the_test_days() -> None:
    result = run(DailyEvaluator(edge_at_five))
    assert [window.chosen for window in result.windows] == [{TUNED.name: 5.0}] * 3
    assert result.recommended == {TUNED.name: 5.0}
    assert result.test.trades == 3 * 10 * 2
    assert result.test.expectancy_r is not None
    assert result.test.expectancy_r > 0.3
    assert result.unchanged.expectancy_r == pytest.approx(0.0, abs=0.05)
    assert result.efficiency == pytest.approx(1.0, abs=0.1)
    assert result.deflation.trials == 15


def test_test_days_are_looked_at_once_and_only_after_the_search() -> None:
    evaluator = DailyEvaluator(edge_at_five)
    run(evaluator)
    asked = [(each.start, each.end, each.values) for each in evaluator.asked]
    for window in WINDOWS:
        tested = [each for each in asked if each[:2] == (window.test_start, window.test_end)]
        fitted = [each for each in asked if each[:2] == (window.train_start, window.train_end)]
        assert [values for *_, values in tested] == [{TUNED.name: 5.0}, {}]
        assert len(fitted) == len(TRIED) + 1
        assert asked.index(tested[0]) > asked.index(fitted[-2])
    assert len(asked) == len(WINDOWS) * (len(TRIED) + 3)


def test_an_edge_that_ends_shows_in_the_tests_and_is_warned_of() -> None:
    result = run(DailyEvaluator(edge_that_ends))
    assert result.windows[0].train.total_r > 0
    assert result.test.total_r < 0
    assert any("No edge is shown" in warning for warning in result.warnings)


def test_the_number_of_trials_is_always_said_first() -> None:
    opening = run(DailyEvaluator(edge_at_five)).warnings[0]
    assert opening.startswith("15 trials were made over 3 windows. Without any edge the best of")
    assert "luck" in opening


def test_values_that_are_refused_together_are_passed_over_and_counted() -> None:
    evaluator = DailyEvaluator(edge_at_five, refuses=lambda values: values.get(TUNED.name, 0) > 6)
    seen: list[tuple[int, int]] = []
    result = run(evaluator, seen)
    assert result.recommended == {TUNED.name: 5.0}
    assert [(each.trials, each.refused) for each in result.windows] == [(3, 2)] * 3
    assert result.deflation.trials == 9
    assert seen[:3] == [(1, 2), (1, 4), (1, 5)]
    assert all(each.values.get(TUNED.name, 0) <= 6 for each in evaluator.asked)
    assert result.warnings[1].startswith("6 of 15 combinations in the ranges were refused")


def test_a_window_of_which_every_combination_is_refused_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError, match=r"each of 5 combinations .* breaks a rule"):
        run(DailyEvaluator(edge_at_five, refuses=bool))


def test_progress_is_told_after_each_batch() -> None:
    seen: list[tuple[int, int]] = []
    run(DailyEvaluator(edge_at_five), seen)
    assert seen == [(window, done) for window in (1, 2, 3) for done in (2, 4, 5)]


def test_of_equal_trials_the_first_is_best() -> None:
    trials = [finished(2, 3.0, 1.0), finished(0, 1.0, 0.5), finished(1, 2.0, 1.0)]
    assert best_of(trials).number == 1
