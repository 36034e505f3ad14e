"""The append-only record in SQL. The database itself refuses to change or delete an entry."""

from typing import Any

from sqlalchemy import Row, insert, select

from db.advisory_locks import LEDGER
from db.tables import ledger
from db.transaction import Transaction
from domain.ledger import EntryKind, LedgerEntry


class SqlLedgerRepository:
    """Entries by sequence number."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find_head(self) -> LedgerEntry | None:
        """The newest entry. Nobody else can append until this unit of work ends."""
        await self._transaction.wait_for_turn(LEDGER)
        statement = select(ledger).order_by(ledger.c.sequence.desc()).limit(1)
        row = (await self._transaction.execute(statement)).one_or_none()
        return None if row is None else _from_row(row)

    async def append(self, entry: LedgerEntry) -> None:
        """Add the next entry. Raises `ConflictError` when its number or hash is taken."""
        row = {
            "sequence": entry.sequence,
            "at": entry.at,
            "kind": entry.kind,
            "body": entry.body,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }
        await self._transaction.execute(insert(ledger).values(row))

    async def list_from(self, sequence: int, *, limit: int) -> list[LedgerEntry]:
        """Entries with a sequence number >= `sequence`, in order."""
        column = ledger.c.sequence
        statement = select(ledger).where(column >= sequence).order_by(column).limit(limit)
        return [_from_row(row) for row in await self._transaction.execute(statement)]


def _from_row(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        sequence=row.sequence,
        at=row.at,
        kind=EntryKind(row.kind),
        body=row.body,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
