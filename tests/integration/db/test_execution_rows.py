"""Rows of execution on real databases: what is erased, what is found fast, what cannot be read."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Executable, Table, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.position_books import select_books
from db.tables import intents, orders, positions
from db.unit_of_work import SqlStorage
from domain.accounts import Account, ExecutionMode
from domain.errors import InvalidDataError
from domain.positions import PositionState
from engine.ports.execution_storage import SealedKey
from tests.contract.storage.execution_books import (
    CREATED_AT,
    TRADER,
    keep_books,
    make_books,
    make_order,
)

SEALED = b"a key that was sealed " * 20


async def test_an_erased_key_is_not_in_the_file_any_more(sqlite_engine: AsyncEngine) -> None:
    storage = SqlStorage(sqlite_engine)
    account = Account(
        name="trader", mode=ExecutionMode.LIVE, user_id=TRADER, connected_at=CREATED_AT
    )
    async with storage() as unit:
        await unit.accounts.connect(account, SealedKey(user_id=TRADER, sealed=SEALED))
        await unit.commit()
    assert SEALED in await _content_of(sqlite_engine)
    async with storage() as unit:
        await unit.accounts.disconnect(TRADER)
        await unit.commit()
    assert SEALED[:30] not in await _content_of(sqlite_engine)


async def _content_of(engine: AsyncEngine) -> bytes:
    async with engine.connect() as connection:
        await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return await asyncio.to_thread(Path(str(engine.url.database)).read_bytes)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (select_books(positions.c.state.in_([PositionState.OPEN])), "ix_positions_state"),
        (select_books(positions.c.closed_at >= CREATED_AT), "ix_positions_closed_at"),
        (select(intents).where(intents.c.state == "offered"), "ix_intents_state"),
    ],
)
async def test_books_are_found_by_an_index_and_read_no_table_whole(
    sqlite_engine: AsyncEngine, statement: Executable, index: str
) -> None:
    plan = await _plan_of(sqlite_engine, statement)
    assert any(index in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN") and "CO-ROUTINE" not in step]


async def _plan_of(engine: AsyncEngine, statement: Executable) -> Sequence[str]:
    compiled = statement.compile(engine.sync_engine, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined] # every statement of Core can
    async with engine.connect() as connection:
        steps = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
        return [step.detail for step in steps]


@pytest.mark.parametrize("table", [intents, positions, orders], ids=lambda table: table.name)
async def test_a_live_position_that_cannot_be_read_is_not_passed_over(
    engine: AsyncEngine, table: Table
) -> None:
    storage = SqlStorage(engine)
    books = make_books(1)
    await keep_books(storage, replace(books, orders=(make_order(books.position),)))
    await keep_books(storage, make_books(2, base="ETH"))
    async with engine.begin() as connection:
        await connection.execute(table.update().values(payload="{}"))
    async with storage() as unit:
        with pytest.raises(InvalidDataError, match="cannot be read"):
            await unit.positions.list_live()
