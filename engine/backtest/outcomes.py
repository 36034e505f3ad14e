"""What became of the trades of a backtest: what its memory goes by."""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.memory import Memory, PastOutcome
from domain.timeframes import to_ms
from engine.ports.storage import OutcomeRepository
from layers.memory import OutcomeBook


class RememberedOutcomes(OutcomeRepository):
    """Outcomes, told to memory as they are written down."""

    def __init__(self) -> None:
        self._book = OutcomeBook()
        self._all: list[PastOutcome] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._all)

    async def add(self, outcomes: Sequence[PastOutcome]) -> None:
        """Keep outcomes."""
        for outcome in outcomes:
            self._all.append(outcome)
            self._book.add(outcome)

    async def drop_backtested(self, symbols: Collection[str], start_ms: int, end_ms: int) -> None:
        """Nothing to forget: all of them are of this very run, and count as its live ones."""

    async def list_all(self) -> list[PastOutcome]:
        """All of them, in the order in which they were known."""
        return list(self._all)

    def memory(self, as_of: datetime) -> Memory:
        """What was known at an instant."""
        return self._book.as_of(to_ms(as_of))
