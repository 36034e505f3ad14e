"""What /health says of a database that takes nothing, or hangs, while it lets read or connect."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database_reading import ReadDatabase
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from engine.ports.storage import Storage
from tests.fakes.clock import HandClock
from tests.fakes.storage import InMemoryUnitOfWork
from tests.fakes.storage_transaction import MemoryTransaction, Shared
from tests.servers.databases import BACKENDS, POSTGRESQL, SQLITE, MigratedDatabases


@pytest.fixture(params=BACKENDS)
async def engine(
    request: pytest.FixtureRequest, databases: MigratedDatabases
) -> AsyncIterator[AsyncEngine]:
    opened = create_database_engine(await databases.blank(request.param))
    yield opened
    await opened.dispose()


@pytest.fixture
async def file(databases: MigratedDatabases) -> Path:
    """An SQLite file, up to date."""
    return Path(str(make_url(await databases.blank(SQLITE)).database))


def reader(storage: Storage, *, longest_seconds: float = 30.0) -> ReadDatabase:
    return ReadDatabase(
        storage,
        HandClock(),
        name="it",
        redact=lambda said: said.replace("quorum", "[cut]"),
        longest_seconds=longest_seconds,
    )


async def test_a_database_that_answers_and_takes_what_is_written_is_well(
    engine: AsyncEngine,
) -> None:
    kept = await reader(SqlStorage(engine))()
    assert kept.store.error is None
    assert kept.store.milliseconds is not None
    assert kept.outbox is not None
    assert not kept.is_paused


async def test_postgresql_that_only_lets_read_is_in_trouble(databases: MigratedDatabases) -> None:
    """As a standby does after a switch to another server."""
    engine = create_database_engine(await databases.blank(POSTGRESQL))
    storage = SqlStorage(engine)
    async with engine.connect() as one:
        await one.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        await one.commit()
    kept = await reader(storage)()
    await engine.dispose()
    assert kept.store.error is not None
    assert "read-only transaction" in kept.store.error


async def test_sqlite_that_only_lets_read_is_in_trouble(file: Path) -> None:
    """As on a file system that has become read-only: whoever reads notices nothing."""
    engine = create_database_engine(f"sqlite:///{file}")
    async with engine.connect() as one:
        await one.exec_driver_sql("PRAGMA query_only=ON")
    kept = await reader(SqlStorage(engine))()
    await engine.dispose()
    assert kept.store.error is not None
    assert "attempt to write a readonly database" in kept.store.error


async def test_sqlite_held_by_another_process_for_long_is_in_trouble(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.engine._BUSY_SECONDS", 0.5)
    engine = create_database_engine(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        kept = await reader(SqlStorage(engine))()
        other.execute("ROLLBACK")
    await engine.dispose()
    assert kept.store.error is not None
    assert "database is locked" in kept.store.error


async def test_who_writes_for_a_moment_is_no_trouble(file: Path) -> None:
    engine = create_database_engine(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        reading = asyncio.create_task(reader(SqlStorage(engine))())
        await asyncio.wait({reading}, timeout=1.0)
        assert not reading.done()
        other.execute("ROLLBACK")
        kept = await reading
    await engine.dispose()
    assert kept.store.error is None


class HangingUnit(InMemoryUnitOfWork):
    """Not even a cancelled one comes back: its connection does not answer that either."""

    def __init__(self, transaction: MemoryTransaction, goes_on: asyncio.Event) -> None:
        super().__init__(transaction)
        self._goes_on = goes_on

    async def __aenter__(self) -> Self:
        while not self._goes_on.is_set():
            with suppress(asyncio.CancelledError):
                await self._goes_on.wait()
        return self


class HangingStorage:
    """Answers nothing before it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self._shared = Shared()
        self.asked = 0
        self.goes_on = asyncio.Event()

    def __call__(self) -> HangingUnit:
        self.asked += 1
        return HangingUnit(MemoryTransaction(self._shared), self.goes_on)


async def test_a_database_that_hangs_is_in_trouble_soon_and_asked_once() -> None:
    storage = HangingStorage()
    read = reader(storage, longest_seconds=0.05)
    async with asyncio.timeout(5):
        told = [(await read()).store.error for _ in range(3)]
    assert told == ["no answer within 0.05 s"] * 3
    assert storage.asked == 1
    storage.goes_on.set()
    assert (await read()).store.error is None
    assert (await read()).store.error is None
    assert storage.asked == 2


async def test_a_reading_that_is_given_up_leaves_the_question_for_the_next_one() -> None:
    storage = HangingStorage()
    read = reader(storage)
    given_up = asyncio.create_task(read())
    await asyncio.wait({given_up}, timeout=0.05)
    given_up.cancel()
    await asyncio.wait({given_up}, timeout=5)
    assert given_up.cancelled()
    storage.goes_on.set()
    assert (await read()).store.error is None
    assert storage.asked == 1
