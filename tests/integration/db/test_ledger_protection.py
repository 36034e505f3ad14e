"""The database itself keeps the ledger append-only."""

import pytest
from sqlalchemy import Executable, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_database_engine
from db.tables import ledger
from db.unit_of_work import SqlStorage
from domain.ledger import GENESIS_HASH, EntryKind, LedgerEntry
from tests.builders.signals import CLOSED_AT
from tests.servers.databases import POSTGRESQL, MigratedDatabases

ENTRY = LedgerEntry(
    sequence=1,
    at=CLOSED_AT,
    kind=EntryKind.SIGNAL,
    body="{}",
    previous_hash=GENESIS_HASH,
    hash="1",
)
CHANGES = {
    "update": ledger.update().values(body="better"),
    "update of one": ledger.update().values(body="better").where(ledger.c.sequence == 1),
    "delete": ledger.delete(),
}


async def assert_refused(engine: AsyncEngine, change: Executable) -> None:
    storage = SqlStorage(engine)
    async with storage() as unit:
        await unit.ledger.append(ENTRY)
        await unit.commit()
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(change)
    async with storage() as unit:
        assert await unit.ledger.list_from(1, limit=2) == [ENTRY]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_an_entry_can_be_neither_changed_nor_deleted(
    engine: AsyncEngine, change: Executable
) -> None:
    await assert_refused(engine, change)


async def test_the_ledger_cannot_be_truncated(databases: MigratedDatabases) -> None:
    engine = create_database_engine(await databases.blank(POSTGRESQL))
    await assert_refused(engine, text("TRUNCATE ledger"))
    await engine.dispose()
