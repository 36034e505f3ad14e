"""The jobs: a backup a day in a process of its own, and a database that does not grow."""

import asyncio
import json
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.upkeep.daily_backup import DailyBackup
from app.upkeep.places import backup_path, list_backups
from app.upkeep.tidying import TidyDatabase
from db.engine import create_database_engine
from db.migrate import upgrade
from db.room import compact, database_bytes, tidy
from db.unit_of_work import SqlStorage
from domain.errors import StorageUnavailableError
from domain.trading_state import PauseState
from engine.ports.storage import DecisionRecord
from engine.retention import PruneHistory, RetentionParameters
from tests.builders.signals import CLOSED_AT, make_decision
from tests.e2e.waiting import until_seen
from tests.fakes.clock import HandClock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PAGE_BYTES = 4096


async def go_on() -> None:
    await asyncio.sleep(0)


def made(folder: Path, clock: HandClock) -> DailyBackup:
    """One whose command notes how it was called and makes what it was asked for."""
    script = (
        "import json, sys; from pathlib import Path; "
        f"Path({str(folder / 'called')!r}).write_text(json.dumps(sys.argv[1:])); "
        f"Path({str(backup_path(folder, clock.now()))!r}).touch(); print('made')"
    )
    program = (sys.executable, "-c", script)
    return DailyBackup(folder, keep=7, now=clock.now, program=program)


async def test_the_first_backup_is_made_at_once(tmp_path: Path) -> None:
    clock = HandClock()
    await made(tmp_path, clock)()
    called = json.loads((tmp_path / "called").read_text())
    assert called == ["backup", "--out", str(tmp_path), "--keep", "7"]
    assert [at for at, _ in list_backups(tmp_path)] == [clock.now()]


@pytest.mark.parametrize(("hours", "is_due"), [(1, False), (23, False), (24, True), (-2, True)])
async def test_the_next_backup_is_due_a_day_after_the_newest(
    tmp_path: Path, hours: int, is_due: bool
) -> None:
    """One that a wrong clock dated into the future counts for nothing."""
    clock = HandClock()
    backup_path(tmp_path, clock.now() - hours * HOUR).touch()
    backup_path(tmp_path, clock.now() - 9 * DAY).touch()
    job = made(tmp_path, clock)
    await job()
    assert (tmp_path / "called").exists() is is_due


async def test_a_failure_is_told_in_the_commands_own_words(tmp_path: Path) -> None:
    script = "import sys; print('error: no room on the disk', file=sys.stderr); sys.exit(2)"
    program = (sys.executable, "-c", script)
    job = DailyBackup(tmp_path, keep=7, now=HandClock().now, program=program)
    with pytest.raises(StorageUnavailableError, match=r"no backup was made: .*no room on the disk"):
        await job()
    assert job.newest_at() is None


async def test_a_stop_ends_a_backup_under_way(tmp_path: Path) -> None:
    script = (
        f"import os, time; from pathlib import Path; p = Path({str(tmp_path / 'pid')!r}); "
        "p.with_name('new').write_text(str(os.getpid())); p.with_name('new').rename(p); "
        "time.sleep(60)"
    )
    program = (sys.executable, "-c", script)
    job = asyncio.create_task(DailyBackup(tmp_path, keep=7, now=HandClock().now, program=program)())
    pid = tmp_path / "pid"
    await until_seen(pid.exists, "the backup has not begun")
    job.cancel()
    await asyncio.wait([job])
    assert job.cancelled()
    assert not is_running(pid.read_text())


@pytest.mark.parametrize("listens", [True, False])
async def test_a_backup_is_asked_to_end_and_killed_when_it_does_not(
    tmp_path: Path, listens: bool
) -> None:
    told = "(unfinished.unlink(), sys.exit())" if listens else "None"
    script = (
        "import os, signal, sys, time; from pathlib import Path; "
        f"unfinished = Path({str(tmp_path / 'unfinished')!r}); unfinished.touch(); "
        f"signal.signal(signal.SIGTERM, lambda *_: {told}); "
        f"p = Path({str(tmp_path / 'pid')!r}); "
        "p.with_name('new').write_text(str(os.getpid())); p.with_name('new').rename(p); "
        "[time.sleep(0.1) for _ in range(600)]"
    )
    made_by = DailyBackup(
        tmp_path,
        keep=7,
        now=HandClock().now,
        program=(sys.executable, "-c", script),
        goodbye_seconds=20.0 if listens else 0.5,
    )
    job = asyncio.create_task(made_by())
    pid = tmp_path / "pid"
    await until_seen(pid.exists, "the backup has not begun")
    job.cancel()
    await asyncio.wait([job])
    assert not is_running(pid.read_text())
    assert (tmp_path / "unfinished").exists() is not listens


def is_running(pid: str) -> bool:
    return Path("/proc", pid).exists()


async def fill(engine: AsyncEngine, closes: int) -> None:
    records = [
        DecisionRecord(decision=make_decision(as_of=CLOSED_AT + number * HOUR / 4))
        for number in range(closes)
    ]
    async with SqlStorage(engine)() as unit:
        await unit.decisions.add(records)
        await unit.commit()


async def free_pages(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.exec_driver_sql("PRAGMA freelist_count")).scalar_one())


async def test_what_is_old_goes_and_its_room_goes_back_to_the_disk(tmp_path: Path) -> None:
    engine = create_database_engine(f"sqlite:///{tmp_path}/quorum.sqlite")
    await upgrade(engine)
    await fill(engine, 4000)
    prune = PruneHistory(
        storage=SqlStorage(engine),
        clock=HandClock(CLOSED_AT + 400 * DAY),
        parameters=RetentionParameters(batch_rows=1000),
        pause=go_on,
    )
    await shorten_log(engine)
    before = await database_bytes(engine)
    await TidyDatabase(prune, engine, writers=asyncio.Lock(), pause=go_on)()
    await shorten_log(engine)
    assert await database_bytes(engine) < before / 4
    async with SqlStorage(engine)() as unit:
        assert await unit.decisions.find_latest("BTCUSDT") is not None
    await engine.dispose()


async def shorten_log(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


async def test_a_file_that_can_not_return_room_is_left_alone_until_it_is_compacted(
    tmp_path: Path,
) -> None:
    engine = await older_file(tmp_path)
    await fill(engine, 400)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM decisions")
    assert await tidy(engine, writers=asyncio.Lock(), pause=go_on) == 0
    assert await free_pages(engine) > 100
    await compact(engine)
    assert await free_pages(engine) == 0
    await fill(engine, 400)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM decisions")
    assert await tidy(engine, writers=asyncio.Lock(), pause=go_on) > 400_000
    await engine.dispose()


async def test_a_file_is_written_anew_in_its_own_folder(tmp_path: Path) -> None:
    """The folder for temporary files is small memory in the container."""
    engine = await older_file(tmp_path)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE large AS SELECT randomblob(10000000) AS x")
    folders: set[Path] = set()
    compacting = asyncio.create_task(compact(engine))
    while not compacting.done():
        folders |= folders_of_temporary_files()
        await asyncio.sleep(0)
    await compacting
    assert folders == {tmp_path}
    await engine.dispose()


def folders_of_temporary_files() -> set[Path]:
    """Of SQLite, in this process; they have no name any more, so the kernel is asked."""
    found: set[Path] = set()
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            target = file.readlink()
            if target.name.startswith("etilqs_"):
                found.add(target.parent)
    return found


async def test_a_file_without_room_to_be_written_anew_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = await older_file(tmp_path)
    await fill(engine, 400)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM decisions WHERE rowid % 2")
    await shorten_log(engine)
    free = await free_pages(engine)
    content = await database_bytes(engine) - free * PAGE_BYTES

    def usage(of: Path) -> DiskUsage:
        assert of == tmp_path
        return DiskUsage(free=content * 2)

    monkeypatch.setattr("db.room.disk_usage", usage)
    with pytest.raises(StorageUnavailableError, match=r"of free room in .* nothing was done"):
        await compact(engine)
    assert await free_pages(engine) == free > 0
    await engine.dispose()


class DiskUsage(NamedTuple):
    free: int


async def older_file(folder: Path) -> AsyncEngine:
    """As versions made it that did not know of returning room."""
    path = folder / "older.sqlite"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("CREATE TABLE something (first INTEGER)")
    engine = create_database_engine(f"sqlite:///{path}")
    await upgrade(engine)
    return engine


async def test_those_who_write_all_the_time_leave_a_turn_for_tidying(tmp_path: Path) -> None:
    """SQLite's own waiting would never find them idle: one of them always holds the lock."""
    engine = create_database_engine(f"sqlite:///{tmp_path}/quorum.sqlite")
    await upgrade(engine)
    await fill(engine, 400)
    storage = SqlStorage(engine)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM decisions")
    busy = [asyncio.create_task(write_on(storage, by=str(number))) for number in range(2)]
    await until_seen(storage.writers.locked, "nobody writes")
    try:
        async with asyncio.timeout(5):
            await tidy(engine, writers=storage.writers, pause=go_on)
    finally:
        for task in busy:
            task.cancel()
        await asyncio.wait(busy)
    await engine.dispose()


async def write_on(storage: SqlStorage, by: str) -> None:
    while True:
        async with storage() as unit:
            await unit.state.set_pause(PauseState(is_paused=True, by=by))
            await asyncio.sleep(0.5)
            await unit.commit()


async def test_the_size_of_a_database_is_known(released: AsyncEngine) -> None:
    assert await database_bytes(released) > 100_000


async def test_postgresql_tidies_itself(released: AsyncEngine) -> None:
    assert await tidy(released, writers=asyncio.Lock(), pause=go_on) == 0
