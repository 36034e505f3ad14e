"""What a walk-forward optimisation needs from outside: a search, and the backtest."""

from collections.abc import Callable, Sequence
from typing import Protocol

from engine.statistics.values import TradeResult
from engine.walk_forward.values import (
    Evaluation,
    FinishedTrial,
    Trial,
    TrialOutcome,
    Values,
    Window,
)


class Study(Protocol):
    """The search of one window, perhaps shared by several machines."""

    def ask(self, most: int) -> list[Trial]:
        """The next trials, at most so many; none when every trial of the budget has ended.

        Waits while the last ones are still tried elsewhere.
        """

    def tell(self, number: int, outcome: TrialOutcome) -> None:
        """What a trial brought."""

    def list_finished(self) -> list[FinishedTrial]:
        """Every trial with an outcome, by number, whichever machine made it."""


OpenStudy = Callable[[Window], Study]


class Evaluator(Protocol):
    """The backtest with other values in place of those in force."""

    def allows(self, values: Values) -> bool:
        """Whether the parameters allow these values together, each being in its own range."""

    def evaluate(self, evaluations: Sequence[Evaluation]) -> Sequence[tuple[TradeResult, ...]]:
        """The closed trades of each, in the order asked for; the same answer to the same."""
