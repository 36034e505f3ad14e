"""Decisions of a backtest, as counts: there are far too many of them to keep."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from engine.ports.storage import DecisionCounts, DecisionRecord, DecisionRepository


class CountedDecisions(DecisionRepository):
    """Decisions as counts: `discards` and `denials` by reason, and the newest of each pair."""

    def __init__(self) -> None:
        self.discards: Counter[str] = Counter()
        self.denials: Counter[str] = Counter()
        self._newest: dict[str, DecisionRecord] = {}
        self._instants: list[tuple[datetime, bool, bool]] = []

    async def add(self, records: Sequence[DecisionRecord]) -> None:
        """Count a batch."""
        for record in records:
            decision = record.decision
            self.discards.update(decision.discards)
            self.denials.update({denial.rule for denial in record.denials})
            self._newest[decision.symbol] = record
            self._instants.append(
                (decision.as_of, record.signal_id is not None, bool(record.denials))
            )

    async def find_latest(self, symbol: str) -> DecisionRecord | None:
        """The newest decision on a pair."""
        return self._newest.get(symbol)

    async def count_between(self, start: datetime, end: datetime) -> DecisionCounts:
        """Counts of decisions with start <= as_of < end."""
        found = [each for each in self._instants if start <= each[0] < end]
        return DecisionCounts(
            decided=len(found),
            sent=sum(is_sent for _, is_sent, _ in found),
            denied=sum(is_denied for *_, is_denied in found),
        )
