"""The watchlist in SQL, and the history of who came and went."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select

from db.tables import watch_changes, watchlist
from db.transaction import Transaction
from domain.watchlist import WatchChange, WatchChangeKind, WatchedPair


class SqlWatchlistRepository:
    """Pairs watched now, and all changes so far."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def list_pairs(self) -> list[WatchedPair]:
        """The watchlist, best score first."""
        best_first = (watchlist.c.score.desc(), watchlist.c.symbol)
        rows = await self._transaction.execute(select(watchlist).order_by(*best_first))
        return [
            WatchedPair(symbol=row.symbol, score=row.score, failed_scans=row.failed_scans)
            for row in rows
        ]

    async def replace(self, pairs: Sequence[WatchedPair], changes: Sequence[WatchChange]) -> None:
        """Store the watchlist and append the changes that led to it."""
        await self._transaction.execute(delete(watchlist))
        if pairs:
            await self._transaction.execute(insert(watchlist), [asdict(pair) for pair in pairs])
        if changes:
            rows = [asdict(change) for change in changes]
            await self._transaction.execute(insert(watch_changes), rows)

    async def list_changes(self, *, limit: int) -> list[WatchChange]:
        """The newest changes, newest first."""
        statement = select(watch_changes).order_by(watch_changes.c.id.desc()).limit(limit)
        return [_change_from(row) for row in await self._transaction.execute(statement)]


def _change_from(row: Row[Any]) -> WatchChange:
    return WatchChange(
        symbol=row.symbol,
        kind=WatchChangeKind(row.kind),
        at=row.at,
        score=row.score,
        reason=row.reason,
    )
