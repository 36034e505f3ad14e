"""Trades on days, a study and a backtest by hand, for tests of walk-forward optimisation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.statistics.values import TradeResult
from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.values import Evaluation, FinishedTrial, Trial, TrialOutcome, Values
from tests.builders.reports import make_result

FIRST_DAY = datetime(2025, 3, 1, tzinfo=UTC)
"""Midnight; the trades of day 0 are published on it."""

TUNED = SearchRange(name="strategy.tuned", low=0.0, high=10.0)


def day(number: int) -> datetime:
    """Midnight so many days after the first."""
    return FIRST_DAY + timedelta(days=number)


def trade(on_day: int, net_r: float, *, hour: int = 12) -> TradeResult:
    """A trade that was published and ended on one day."""
    return make_result(str(net_r), ended_at=day(on_day) + timedelta(hours=hour))


def finished(number: int, tuned: float, score: float) -> FinishedTrial:
    """A trial of the one tuned parameter."""
    outcome = TrialOutcome(score=score, trades=40, sharpe=score / 10)
    return FinishedTrial(number=number, values={TUNED.name: tuned}, outcome=outcome)


@dataclass(slots=True)
class ListedStudy:
    """A study that tries the given values, in their order."""

    planned: Sequence[Values]
    told: list[FinishedTrial] = field(default_factory=list)
    _next: int = 0

    def ask(self, most: int) -> list[Trial]:
        numbers = range(self._next, min(self._next + most, len(self.planned)))
        self._next += len(numbers)
        return [Trial(number=number, values=self.planned[number]) for number in numbers]

    def tell(self, number: int, outcome: TrialOutcome) -> None:
        self.told.append(FinishedTrial(number=number, values=self.planned[number], outcome=outcome))

    def list_finished(self) -> list[FinishedTrial]:
        return list(self.told)


@dataclass(slots=True)
class DailyEvaluator:
    """A backtest that trades twice a day and earns what `r_of` says of the values and the day."""

    r_of: Callable[[Values, int], float]
    refuses: Callable[[Values], bool] = lambda _values: False
    asked: list[Evaluation] = field(default_factory=list)

    def allows(self, values: Values) -> bool:
        return not self.refuses(values)

    def evaluate(self, evaluations: Sequence[Evaluation]) -> list[tuple[TradeResult, ...]]:
        self.asked.extend(evaluations)
        return [self._trades(each) for each in evaluations]

    def _trades(self, asked: Evaluation) -> tuple[TradeResult, ...]:
        first = (asked.start - FIRST_DAY).days
        days = range(first, first + (asked.end - asked.start).days)
        return tuple(
            trade(each, self.r_of(asked.values, each) + swing, hour=hour)
            for each in days
            for hour, swing in ((6, 0.3 * (each % 3)), (18, -0.3))
        )
