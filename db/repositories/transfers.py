"""Large transfers in SQL: each movement once, whoever tells it and however often."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from db.codec import TRANSFER
from db.tables import whale_events
from db.transaction import Transaction
from domain.transfers import Transfer


class SqlTransferRepository:
    """Transfers by their key."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, transfers: Sequence[Transfer], *, known_ms: int) -> list[Transfer]:
        """Keep those whose key is new, and return them in their order."""
        if not transfers:
            return []
        first_told = {transfer.key: transfer for transfer in reversed(transfers)}
        rows = [_to_row(each, known_ms) for each in transfers if first_told[each.key] is each]
        statement = (
            self._transaction.insert(whale_events)
            .on_conflict_do_nothing(index_elements=[whale_events.c.key])
            .returning(whale_events.c.key)
        )
        added = set((await self._transaction.execute(statement, rows)).scalars())
        return [first_told[row["key"]] for row in rows if row["key"] in added]

    async def list_known_since(self, known_ms: int) -> list[tuple[Transfer, int]]:
        """Transfers first known at or after an instant, each with when, in that order."""
        column = whale_events.c.known_ms
        statement = (
            select(whale_events).where(column >= known_ms).order_by(column, whale_events.c.id)
        )
        rows = await self._transaction.execute(statement)
        known = [
            (TRANSFER.decode_or_leave_out(row.payload, key=row.key), row.known_ms) for row in rows
        ]
        return [(transfer, at_ms) for transfer, at_ms in known if transfer is not None]


def _to_row(transfer: Transfer, known_ms: int) -> dict[str, Any]:
    return {
        "key": transfer.key,
        "asset": transfer.asset,
        "kind": transfer.kind,
        "usd": transfer.usd,
        "happened_ms": transfer.happened_ms,
        "known_ms": known_ms,
        "payload": TRANSFER.encode(transfer),
    }
