"""The connection below SQLAlchemy on SQLite: few changes of threads, and an end."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from db.sqlite_connection import SqliteConnection


class CountingConnection(SqliteConnection):
    """Counts its changes of threads."""

    changes = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.changes += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # aiosqlite's is untyped


@pytest.fixture
async def counting(tmp_path: Path) -> CountingConnection:
    connection = CountingConnection(tmp_path / "quorum.sqlite", busy_seconds=1)
    await connection
    return connection


@pytest.fixture
async def connection(counting: CountingConnection) -> AsyncIterator[AsyncConnection]:
    async def hand_over() -> CountingConnection:
        return counting

    engine = create_async_engine("sqlite+aiosqlite:///unused", async_creator=hand_over)
    async with engine.connect() as opened:
        await opened.execute(text("CREATE TABLE trades (id INTEGER PRIMARY KEY, pair TEXT)"))
        yield opened
    await engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO trades VALUES (1, 'BTCUSDT')",
        "INSERT INTO trades VALUES (1, 'BTCUSDT') RETURNING id",
        "SELECT * FROM trades",
        "BEGIN IMMEDIATE",
    ],
)
async def test_a_statement_changes_threads_once(
    counting: CountingConnection, connection: AsyncConnection, statement: str
) -> None:
    counting.changes = 0
    await connection.execute(text(statement))
    assert counting.changes == 1


async def test_many_rows_change_threads_once(
    counting: CountingConnection, connection: AsyncConnection
) -> None:
    counting.changes = 0
    rows = [{"pair": f"{number}USDT"} for number in range(50)]
    await connection.execute(text("INSERT INTO trades (pair) VALUES (:pair)"), rows)
    assert counting.changes == 1
    found = await connection.execute(text("SELECT pair FROM trades ORDER BY id"))
    assert [row.pair for row in found] == [row["pair"] for row in rows]


async def test_counts_and_returned_rows_arrive(connection: AsyncConnection) -> None:
    await connection.execute(text("INSERT INTO trades (pair) VALUES ('BTC'), ('ETH')"))
    changed = await connection.execute(text("UPDATE trades SET pair = 'SOL' WHERE id > 0"))
    assert changed.rowcount == 2
    gone = await connection.execute(text("DELETE FROM trades WHERE id = 2 RETURNING pair"))
    assert gone.scalars().all() == ["SOL"]


async def test_a_failed_statement_says_why_and_the_next_one_works(
    connection: AsyncConnection,
) -> None:
    insert = text("INSERT INTO trades VALUES (1, 'BTCUSDT')")
    await connection.execute(insert)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        await connection.execute(insert)
    with pytest.raises(OperationalError, match="no such table"):
        await connection.execute(text("SELECT * FROM elsewhere"))
    count = await connection.execute(text("SELECT count(*) FROM trades"))
    assert count.scalar_one() == 1


async def test_a_file_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    connection = SqliteConnection(tmp_path, busy_seconds=1)
    with pytest.raises(Exception, match="unable to open"):
        await connection
    connection._thread.join(timeout=5)
    assert not connection._thread.is_alive()
