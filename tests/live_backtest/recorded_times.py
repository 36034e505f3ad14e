"""When a live run wrote its record down: the one thing that depends on how quick a machine was."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

from domain.ledger import EntryKind, LedgerEntry
from engine.backtest.observations import RecordedTimes
from engine.ledger import parse_content


class LedgerTimes(RecordedTimes):
    """Times out of a ledger."""

    def __init__(self, entries: Sequence[LedgerEntry]) -> None:
        self._outcomes = [entry for entry in entries if entry.kind is EntryKind.OUTCOME]
        signals = [parse_content(one) for one in entries if one.kind is EntryKind.SIGNAL]
        self._published = {
            datetime.fromisoformat(content["decision"]["as_of"]): datetime.fromisoformat(
                content["published_at"]
            )
            for content in signals
        }

    def published_at(self, as_of: datetime) -> datetime | None:
        """When the signals of a boundary were published."""
        return self._published.get(as_of)

    def written_at(self, sequence: int) -> datetime | None:
        """When the first outcome from that number of the ledger on was written."""
        at = bisect_left(self._outcomes, sequence, key=lambda entry: entry.sequence)
        return self._outcomes[at].at if at < len(self._outcomes) else None
