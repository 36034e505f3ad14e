"""Transfers, sentiment and outcomes in memory."""

from collections.abc import Collection, Sequence

from domain.memory import Origin, PastOutcome
from domain.sentiment import SentimentSnapshot
from domain.transfers import Transfer
from tests.fakes.storage_transaction import MemoryTransaction


class InMemoryTransfers:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, transfers: Sequence[Transfer], *, known_ms: int) -> list[Transfer]:
        added = []
        kept = await self._transaction.writable() if transfers else self._transaction.seen
        for transfer in transfers:
            if transfer.key not in kept.transfers:
                kept.transfers[transfer.key] = (transfer, known_ms)
                added.append(transfer)
        return added

    async def list_known_since(self, known_ms: int) -> list[tuple[Transfer, int]]:
        found = [each for each in self._transaction.seen.transfers.values() if each[1] >= known_ms]
        return sorted(found, key=lambda each: each[1])


class InMemorySentiment:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, snapshot: SentimentSnapshot) -> None:
        (await self._transaction.writable()).sentiment.setdefault(snapshot.at_ms, snapshot)

    async def list_since(self, at_ms: int) -> list[SentimentSnapshot]:
        kept = self._transaction.seen.sentiment
        return [kept[at] for at in sorted(kept) if at >= at_ms]


class InMemoryOutcomes:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, outcomes: Sequence[PastOutcome]) -> None:
        if not outcomes:
            return
        kept = await self._transaction.writable()
        for outcome in outcomes:
            key = (outcome.origin, outcome.symbol, outcome.decided_ms)
            kept.outcomes.setdefault(key, outcome)

    async def drop_backtested(self, symbols: Collection[str], start_ms: int, end_ms: int) -> None:
        kept = await self._transaction.writable()
        for key in list(kept.outcomes):
            origin, symbol, decided_ms = key
            is_meant = symbol in symbols and start_ms <= decided_ms < end_ms
            if origin is Origin.BACKTEST and is_meant:
                del kept.outcomes[key]

    async def list_all(self) -> list[PastOutcome]:
        outcomes = self._transaction.seen.outcomes.values()
        return sorted(outcomes, key=lambda outcome: outcome.known_ms)
