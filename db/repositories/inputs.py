"""What decisions were made on, in SQL: whole for signals, without candles for all boundaries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from db.tables import decision_inputs, observations
from db.transaction import Transaction


class SqlInputRepository:
    """Inputs by signal, observations by boundary and symbol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add_for_signal(self, signal_id: int, content: bytes) -> None:
        """Keep what a signal was decided on. Raises `ConflictError` when that is there already."""
        row = {"signal_id": signal_id, "content": content}
        await self._transaction.execute(insert(decision_inputs).values(row))

    async def find_for_signal(self, signal_id: int) -> bytes | None:
        """What was kept of a signal."""
        table = decision_inputs.c
        statement = select(table.content).where(table.signal_id == signal_id)
        content: bytes | None = (await self._transaction.execute(statement)).scalar_one_or_none()
        return content

    async def add_observations(self, rows: Sequence[tuple[str, datetime, bytes]]) -> None:
        """Keep what was known beside candles: symbol, boundary, content; a known one stays."""
        if not rows:
            return
        statement = self._transaction.insert(observations).on_conflict_do_nothing(
            index_elements=[observations.c.boundary, observations.c.symbol]
        )
        values = [
            {"symbol": symbol, "boundary": boundary, "content": content}
            for symbol, boundary, content in rows
        ]
        await self._transaction.execute(statement, values)

    async def list_observations(
        self, start: datetime, end: datetime
    ) -> list[tuple[str, datetime, bytes]]:
        """Rows with start <= boundary < end, by boundary, then symbol."""
        table = observations.c
        statement = (
            select(observations)
            .where(table.boundary >= start, table.boundary < end)
            .order_by(table.boundary, table.symbol)
        )
        rows = await self._transaction.execute(statement)
        return [(row.symbol, row.boundary, row.content) for row in rows]
