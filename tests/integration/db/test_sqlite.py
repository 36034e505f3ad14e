"""How the embedded database is set up."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import db.transaction
from db.engine import create_database_engine
from db.migrate import check_writable, upgrade
from db.unit_of_work import SqlStorage
from domain.errors import ConfigurationError, StorageUnavailableError
from domain.trading_state import PauseState


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
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


@pytest.mark.parametrize("folder", ["var", "var/deeper", "/proc/nope"])
def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path, folder: str) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(ConfigurationError, match=f"DATABASE_URL.*{folder}"):
        create_database_engine(f"sqlite:///{tmp_path / folder}/quorum.sqlite")


async def test_a_file_that_may_only_be_read_is_said_to_be(sqlite_engine: AsyncEngine) -> None:
    await check_writable(sqlite_engine)
    url = URL.create(
        "sqlite+aiosqlite",
        database=f"file:{sqlite_engine.url.database}",
        query={"mode": "ro", "uri": "true"},
    )
    read_only = create_async_engine(url, connect_args={"isolation_level": None})
    with pytest.raises(StorageUnavailableError, match=r"readonly.* may write"):
        await check_writable(read_only)
    await read_only.dispose()


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
