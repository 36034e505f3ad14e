"""Versioned parameter sets in SQL, and the log of which one was live when."""

from sqlalchemy import ColumnElement, func, insert, select

from db.codec import PARAMETER_SET
from db.tables import live_changes, parameter_sets
from db.transaction import Transaction
from domain.parameter_sets import LiveChange, ParameterSet


class SqlParameterSetRepository:
    """Sets by version, changes in the order in which they were said."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, parameter_set: ParameterSet) -> None:
        """Keep a set. Raises `ConflictError` when its version is taken."""
        row = {
            "version": parameter_set.version,
            "playbook": parameter_set.playbook,
            "created_at": parameter_set.created_at,
            "payload": PARAMETER_SET.encode(parameter_set),
        }
        await self._transaction.execute(insert(parameter_sets).values(row))

    async def next_version(self) -> int:
        """One more than the newest, 1 for the first."""
        newest = await self._transaction.execute(select(func.max(parameter_sets.c.version)))
        return (newest.scalar_one() or 0) + 1

    async def find(self, version: int) -> ParameterSet | None:
        """One set."""
        found = await self._list(parameter_sets.c.version == version)
        return found[0] if found else None

    async def list_all(self, playbook: str) -> list[ParameterSet]:
        """All of a playbook, oldest first."""
        return await self._list(parameter_sets.c.playbook == playbook)

    async def add_change(self, playbook: str, change: LiveChange) -> None:
        """From now on another set is live. Raises `NotFoundError` for a version that is not."""
        row = {
            "playbook": playbook,
            "at": change.at,
            "version": change.version,
            "said_by": change.by,
        }
        await self._transaction.execute(insert(live_changes).values(row))

    async def list_changes(self, playbook: str) -> list[LiveChange]:
        """Which one was live from when on, oldest first."""
        table = live_changes.c
        statement = select(live_changes).where(table.playbook == playbook).order_by(table.id)
        rows = await self._transaction.execute(statement)
        return [LiveChange(at=row.at, version=row.version, by=row.said_by) for row in rows]

    async def _list(self, condition: ColumnElement[bool]) -> list[ParameterSet]:
        table = parameter_sets.c
        statement = select(table.payload).where(condition).order_by(table.version)
        texts = (await self._transaction.execute(statement)).scalars()
        return [PARAMETER_SET.decode(text) for text in texts]
