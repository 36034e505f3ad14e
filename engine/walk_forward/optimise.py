"""Fits values on each window's train days and judges them, once, by its test days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.errors import ConfigurationError
from engine.statistics.values import TradeResult
from engine.walk_forward.caveats import warnings_of
from engine.walk_forward.deflated_sharpe import deflate
from engine.walk_forward.figures import figures_of, joined_daily_r
from engine.walk_forward.objective import REFUSED, judge_trial, was_refused
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ports import Evaluator, OpenStudy, Study
from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.stability import plateau_of, stability_of
from engine.walk_forward.values import (
    Evaluation,
    FinishedTrial,
    Trial,
    TrialOutcome,
    Values,
    WalkForwardResult,
    Window,
    WindowResult,
)

OnProgress = Callable[[Window, int], None]
"""Called after each batch of trials with the window and its finished trials so far."""

_Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkForward:
    """The optimisation of one strategy over one history."""

    evaluator: Evaluator
    open_study: OpenStudy
    ranges: Sequence[SearchRange]
    parameters: WalkForwardParameters
    on_progress: OnProgress

    def run(self, windows: Sequence[Window]) -> WalkForwardResult:
        """Every window in turn, then all tests joined."""
        return join_windows([self._run_window(window) for window in windows], self.ranges)

    def _run_window(self, window: Window) -> "FittedWindow":
        study = self.open_study(window)
        self._search(window, study)
        finished = study.list_finished()
        trials = [trial for trial in finished if not was_refused(trial.outcome)]
        if not trials:
            raise ConfigurationError(
                f"[search] of the strategy file: each of {len(finished)} combinations that were "
                f"tried in window {window.number} breaks a rule between the parameters; choose "
                "ranges that go together"
            )
        best = best_of(trials)
        train, test, unchanged = self.evaluator.evaluate(
            [
                Evaluation(values=best.values, start=window.train_start, end=window.train_end),
                Evaluation(values=best.values, start=window.test_start, end=window.test_end),
                Evaluation(values={}, start=window.test_start, end=window.test_end),
            ]
        )
        return FittedWindow(
            window=window,
            best=best,
            trials=trials,
            refused=len(finished) - len(trials),
            train=train,
            test=test,
            unchanged=unchanged,
        )

    def _search(self, window: Window, study: Study) -> None:
        while trials := study.ask(self.parameters.trials_at_once):
            outcomes = self._outcomes(window, trials)
            for trial in trials:
                study.tell(trial.number, outcomes.get(trial.number, REFUSED))
            self.on_progress(window, len(study.list_finished()))

    def _outcomes(self, window: Window, trials: Sequence[Trial]) -> dict[int, TrialOutcome]:
        """By number; values that may lie in their ranges and yet not go together have none."""
        allowed = [trial for trial in trials if self.evaluator.allows(trial.values)]
        asked = [
            Evaluation(values=trial.values, start=window.train_start, end=window.train_end)
            for trial in allowed
        ]
        answers = self.evaluator.evaluate(asked)
        return {
            trial.number: self._judge(window, results)
            for trial, results in zip(allowed, answers, strict=True)
        }

    def _judge(self, window: Window, results: Sequence[TradeResult]) -> TrialOutcome:
        least = self.parameters.least_trades
        return judge_trial(results, window.train_start, window.train_end, least)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedWindow:
    """A window with all trials made in it and the trades of its best one.

    `refused` combinations were proposed and not tried: the parameters do not allow them.
    """

    window: Window
    best: FinishedTrial
    trials: Sequence[FinishedTrial]
    refused: int
    train: Sequence[TradeResult]
    test: Sequence[TradeResult]
    unchanged: Sequence[TradeResult]

    @property
    def test_span(self) -> _Span:
        """Closes that were tested."""
        return self.window.test_start, self.window.test_end

    @property
    def train_span(self) -> _Span:
        """Closes that were fitted on."""
        return self.window.train_start, self.window.train_end

    def result(self, ranges: Sequence[SearchRange]) -> WindowResult:
        """Its figures."""
        return WindowResult(
            window=self.window,
            chosen=self.best.values,
            trials=len(self.trials),
            refused=self.refused,
            train=figures_of(self.train, [self.train_span]),
            test=figures_of(self.test, [self.test_span]),
            unchanged=figures_of(self.unchanged, [self.test_span]),
            plateau=plateau_of(self.best, self.trials, ranges),
        )


def best_of(trials: Sequence[FinishedTrial]) -> FinishedTrial:
    """The trial with the highest score, of equal ones the first, so that machines agree."""
    return max(trials, key=lambda trial: (trial.outcome.score, -trial.number))


def join_windows(
    fitted: Sequence[FittedWindow], ranges: Sequence[SearchRange]
) -> WalkForwardResult:
    """All windows as one result: their tests follow each other like one run over unseen days.

    Recommended are the values of the newest window and not, say, the median over all: the joined
    test vouches for "fit on the newest days, trade the next ones", and no window ever traded a
    median of values that were chosen together.
    """
    windows = tuple(each.result(ranges) for each in fitted)
    spans = [each.test_span for each in fitted]
    test = tuple(trade for each in fitted for trade in each.test)
    unchanged = tuple(trade for each in fitted for trade in each.unchanged)
    recommended: Values = fitted[-1].best.values
    sharpes = [trial.outcome.sharpe for each in fitted for trial in each.trials]
    result = WalkForwardResult(
        windows=windows,
        test=figures_of(test, spans),
        unchanged=figures_of(unchanged, spans),
        trades=test,
        stability=stability_of(ranges, [each.best.values for each in fitted]),
        efficiency=efficiency_of(windows),
        deflation=deflate(joined_daily_r(test, spans), sharpes, len(sharpes)),
        recommended=recommended,
        warnings=(),
    )
    return replace(result, warnings=warnings_of(result))


def efficiency_of(windows: Sequence[WindowResult]) -> float | None:
    """R per day in the tests over R per day where the values were fitted; None if not above 0.

    R. Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd edition (2008), 11.
    """
    fitted = sum(each.train.total_r for each in windows) / sum(each.train.days for each in windows)
    tested = sum(each.test.total_r for each in windows) / sum(each.test.days for each in windows)
    return tested / fitted if fitted > 0 else None
