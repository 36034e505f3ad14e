"""The storage of the engine in memory. It passes the same contract tests as the SQL one."""

from types import TracebackType
from typing import Self

from tests.fakes.storage_execution import InMemoryAccounts, InMemoryIntents, InMemoryPositions
from tests.fakes.storage_outbox import InMemoryOutbox
from tests.fakes.storage_outside import InMemoryOutcomes, InMemorySentiment, InMemoryTransfers
from tests.fakes.storage_repositories import (
    InMemoryDecisions,
    InMemoryLedger,
    InMemorySignals,
    InMemoryState,
    InMemoryUsers,
    InMemoryWatchlist,
)
from tests.fakes.storage_research import (
    InMemoryInputs,
    InMemoryParameterSets,
    InMemoryReadiness,
)
from tests.fakes.storage_shadows import InMemoryShadows
from tests.fakes.storage_transaction import MemoryTransaction, Shared


class InMemoryUnitOfWork:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction
        self.decisions = InMemoryDecisions(transaction)
        self.signals = InMemorySignals(transaction)
        self.ledger = InMemoryLedger(transaction)
        self.outbox = InMemoryOutbox(transaction)
        self.watchlist = InMemoryWatchlist(transaction)
        self.state = InMemoryState(transaction)
        self.shadows = InMemoryShadows(transaction)
        self.users = InMemoryUsers(transaction)
        self.transfers = InMemoryTransfers(transaction)
        self.sentiment = InMemorySentiment(transaction)
        self.outcomes = InMemoryOutcomes(transaction)
        self.intents = InMemoryIntents(transaction)
        self.positions = InMemoryPositions(transaction)
        self.accounts = InMemoryAccounts(transaction)
        self.readiness = InMemoryReadiness(transaction)
        self.parameter_sets = InMemoryParameterSets(transaction)
        self.inputs = InMemoryInputs(transaction)

    async def commit(self) -> None:
        self._transaction.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transaction.close()


class InMemoryStorage:
    """`storage = InMemoryStorage()`, then `async with storage() as unit`."""

    def __init__(self) -> None:
        self._shared = Shared()

    def __call__(self) -> InMemoryUnitOfWork:
        return InMemoryUnitOfWork(MemoryTransaction(self._shared))
