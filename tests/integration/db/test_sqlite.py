"""How the embedded database is set up."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import db.transaction
from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.errors import StorageUnavailableError
from domain.trading_state import PauseState


@pytest.mark.parametrize(
    ("pragma", "expected"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
async def test_every_connection_is_durable_and_strict(
    sqlite_engine: AsyncEngine, pragma: str, expected: object
) -> None:
    async with sqlite_engine.connect() as one, sqlite_engine.connect() as two:
        for connection in (one, two):
            answer = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert answer.scalar_one() == expected


async def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    engine = create_database_engine(f"sqlite:///{tmp_path}/new/folder/quorum.sqlite")
    await upgrade(engine)
    await engine.dispose()
    assert (tmp_path / "new/folder/quorum.sqlite").exists()


async def test_a_writer_waits_for_another_process_to_finish(sqlite_engine: AsyncEngine) -> None:
    other = sqlite3.connect(str(sqlite_engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def pause() -> None:
        async with SqlStorage(sqlite_engine)() as unit:
            await unit.state.set_pause(PauseState(is_paused=True))
            await unit.commit()

    waiting = asyncio.create_task(pause())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    await waiting


async def test_a_unit_that_writes_inside_another_one_is_told_so(
    sqlite_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.transaction, "WRITER_PATIENCE_SECONDS", 0.01)
    storage = SqlStorage(sqlite_engine)
    async with storage() as outer, storage() as inner:
        await outer.state.set_pause(PauseState())
        with pytest.raises(StorageUnavailableError, match="inside another"):
            await inner.state.set_pause(PauseState())
        await outer.commit()
