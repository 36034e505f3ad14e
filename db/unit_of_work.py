"""The storage of Quorum on SQL: one unit of work is one database transaction."""

import asyncio
from types import TracebackType
from typing import Final, Self

from sqlalchemy.ext.asyncio import AsyncEngine

from db.repositories.accounts import SqlAccountRepository
from db.repositories.decisions import SqlDecisionRepository
from db.repositories.inputs import SqlInputRepository
from db.repositories.intents import SqlIntentRepository
from db.repositories.ledger import SqlLedgerRepository
from db.repositories.outbox import SqlOutboxRepository
from db.repositories.outcomes import SqlOutcomeRepository
from db.repositories.parameter_sets import SqlParameterSetRepository
from db.repositories.positions import SqlPositionRepository
from db.repositories.readiness import SqlReadinessRepository
from db.repositories.retention import SqlRetentionRepository
from db.repositories.sentiment import SqlSentimentRepository
from db.repositories.shadows import SqlShadowRepository
from db.repositories.signals import SqlSignalRepository
from db.repositories.state import SqlStateRepository
from db.repositories.transfers import SqlTransferRepository
from db.repositories.users import SqlUserRepository
from db.repositories.watchlist import SqlWatchlistRepository
from db.transaction import Transaction


class SqlUnitOfWork:
    """All repositories over one transaction, which rolls back unless `commit` was called."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.decisions = SqlDecisionRepository(transaction)
        self.signals = SqlSignalRepository(transaction)
        self.ledger = SqlLedgerRepository(transaction)
        self.outbox = SqlOutboxRepository(transaction)
        self.watchlist = SqlWatchlistRepository(transaction)
        self.state = SqlStateRepository(transaction)
        self.shadows = SqlShadowRepository(transaction)
        self.users = SqlUserRepository(transaction)
        self.transfers = SqlTransferRepository(transaction)
        self.sentiment = SqlSentimentRepository(transaction)
        self.outcomes = SqlOutcomeRepository(transaction)
        self.intents = SqlIntentRepository(transaction)
        self.positions = SqlPositionRepository(transaction)
        self.accounts = SqlAccountRepository(transaction)
        self.readiness = SqlReadinessRepository(transaction)
        self.parameter_sets = SqlParameterSetRepository(transaction)
        self.inputs = SqlInputRepository(transaction)
        self.retention = SqlRetentionRepository(transaction)

    async def commit(self) -> None:
        """Make everything done so far permanent; the unit can go on with a new transaction."""
        await self._transaction.commit()

    async def __aenter__(self) -> Self:
        await self._transaction.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transaction.close()


class SqlStorage:
    """Opens units of work on one engine. Make one per engine: it holds the queue of writers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.writers: Final = asyncio.Lock()
        """Who writes holds it; also whoever writes past units of work, or they leave him no gap."""

    def __call__(self) -> SqlUnitOfWork:
        """A new unit of work, to be used in `async with`."""
        return SqlUnitOfWork(Transaction(self._engine, self.writers))
