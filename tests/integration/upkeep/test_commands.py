"""`backup`, `restore` and `compact` as an operator types them, on both kinds of database."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner, Result

from app.clock import wall_now
from app.upkeep.commands import add_upkeep_commands
from db.engine import create_database_engine
from db.instance_lock import FileInstanceLock, PostgresInstanceLock
from db.migrate import upgrade
from domain.errors import StorageUnavailableError
from engine.ports.cache import InstanceLock
from tests.integration.upkeep.conftest import Releases
from tests.integration.upkeep.releases import all_rows
from tests.servers.databases import POSTGRESQL, SQLITE, MigratedDatabases

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def niceness(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the commands asked for. A thread that is nice once stays so, with all that it starts:
    every later test of this process would run behind those of the others.
    """
    asked: list[int] = []
    monkeypatch.setattr("app.upkeep.backup_command.nice", asked.append)
    return asked


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder of its own, on a database; no other settings count."""
    commands = typer.Typer()
    add_upkeep_commands(commands)
    monkeypatch.chdir(tmp_path)

    def run_on(engine: AsyncEngine, *arguments: str) -> Result:
        url = engine.url.render_as_string(hide_password=False)
        return CliRunner().invoke(commands, arguments, env={"DATABASE_URL": url})

    return run_on


async def in_thread(run: Run, engine: AsyncEngine, *arguments: str) -> Result:
    """The command has an event loop of its own."""
    return await asyncio.to_thread(run, engine, *arguments)


def zips(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.zip"))


async def test_backed_up_and_restored_into_an_empty_database(
    released: AsyncEngine, databases: MigratedDatabases, run: Run, niceness: list[int]
) -> None:
    made = await in_thread(run, released, "backup", "--out", "backups")
    assert (made.exit_code, made.stderr) == (0, "")
    assert niceness == [10], "a bot on the same cores comes first"
    (path,) = zips(Path("backups"))
    assert f"{path}: " in made.stdout
    assert "27 tables, record 3:" in made.stdout
    async with databases.unmigrated(released.dialect.name) as url:
        empty = create_database_engine(url)
        restored = await in_thread(run, empty, "restore", str(path))
        assert (restored.exit_code, restored.stderr) == (0, "")
        assert "the record ends at 3:" in restored.stdout
        assert "newest head that was posted" in restored.stdout
        assert await all_rows(empty) == await all_rows(released)
        await empty.dispose()


async def test_a_database_with_rows_is_left_alone_unless_it_is_to_be_replaced(
    released: AsyncEngine, run: Run
) -> None:
    await in_thread(run, released, "backup", "--out", "backups")
    (path,) = zips(Path("backups"))
    before = await all_rows(released)
    refused = await in_thread(run, released, "restore", str(path))
    assert refused.exit_code == 2
    assert "holds data already, and nothing was changed" in refused.stderr
    assert "--replace" in refused.stderr
    replaced = await in_thread(run, released, "restore", str(path), "--replace", "--out", "saved")
    assert (replaced.exit_code, replaced.stderr) == (0, "")
    (saved,) = zips(Path("saved"))
    assert saved.name.startswith("before-restore-")
    assert f"what was there is in {saved}" in replaced.stdout
    assert await all_rows(released) == before


async def test_nothing_is_restored_while_a_bot_works_on_the_database(
    released: AsyncEngine, run: Run
) -> None:
    await in_thread(run, released, "backup", "--out", "backups")
    (path,) = zips(Path("backups"))
    lock = bots_lock(released)
    assert await lock.acquire()
    try:
        refused = await in_thread(run, released, "restore", str(path), "--replace")
        made = await in_thread(run, released, "backup", "--out", "meanwhile")
    finally:
        await lock.release()
    assert refused.exit_code == 2
    assert "another Quorum works on this database already" in refused.stderr
    assert made.exit_code == 0, "a backup needs nobody to stop"


def bots_lock(engine: AsyncEngine) -> InstanceLock:
    """As the bot takes it."""
    if engine.dialect.name == SQLITE:
        return FileInstanceLock(Path(f"{engine.url.database}.lock"))
    return PostgresInstanceLock(engine.url.render_as_string(hide_password=False))


async def test_a_damaged_file_changes_nothing(
    sqlite_release: AsyncEngine, run: Run, tmp_path: Path
) -> None:
    before = await all_rows(sqlite_release)
    (tmp_path / "wrong.zip").write_bytes(b"PK\x03\x04 but no more")
    refused = await in_thread(run, sqlite_release, "restore", "wrong.zip", "--replace")
    assert refused.exit_code == 2
    assert "wrong.zip is no backup of Quorum or is damaged" in refused.stderr
    assert await all_rows(sqlite_release) == before


async def test_the_newest_backups_are_kept(
    sqlite_release: AsyncEngine, run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    names = [f"quorum-2025100{day}T030000Z.zip" for day in (1, 2, 3)]
    others = ["before-restore-20251001T030000Z.zip", "mine.zip"]
    for name in (*names, *others):
        (folder / name).touch()
    made = await in_thread(run, sqlite_release, "backup", "--out", "backups", "--keep", "2")
    assert made.exit_code == 0, made.output
    left = [path.name for path in zips(folder)]
    assert names[2] in left
    assert set(names[:2]).isdisjoint(left)
    assert set(others) <= set(left)
    assert "deleted backups/quorum-20251001T030000Z.zip: the newest 2 are kept" in made.stdout


async def test_what_a_killed_backup_left_is_deleted_also_by_one_that_fails(
    sqlite_release: AsyncEngine, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise StorageUnavailableError("no room on the disk")

    monkeypatch.setattr("app.upkeep.backup_command.make_backup", fail)
    folder = tmp_path / "backups"
    folder.mkdir()
    left = "quorum-20251001T030000Z.zip.part", "before-restore-20251001T030000Z.zip.table.part"
    written_still = "quorum-20251001T020000Z.zip.part", "quorum-20251001T020000Z.zip.table.part"
    now = wall_now().timestamp()
    for names, minutes in ((left, 70), (written_still, 50)):
        for name in names:
            (folder / name).touch()
            os.utime(folder / name, (now, now - minutes * 60))
    failed = await in_thread(run, sqlite_release, "backup", "--out", "backups")
    assert failed.exit_code == 2
    assert {path.name for path in folder.iterdir()} == set(written_still)


_UNFINISHED = """
import asyncio
from pathlib import Path
from app.running import execute
from app.upkeep import backup_command
from db.archive.writer import ArchiveWriter

async def make_for_ever(engine, target, **_):
    target.parent.mkdir()
    with ArchiveWriter(target):
        print("begun", flush=True)
        await asyncio.sleep(60)

backup_command.make_backup = make_for_ever
execute(lambda: backup_command.run_backup(Path("backups"), 7))
"""


async def test_a_backup_that_is_told_to_end_leaves_nothing_unfinished(
    sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    url = sqlite_release.url.render_as_string(hide_password=False)
    under_way = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _UNFINISHED),
        cwd=tmp_path,
        env={"DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=asyncio.subprocess.PIPE,
    )
    assert under_way.stdout is not None
    assert await under_way.stdout.readline() == b"begun\n"
    assert list((tmp_path / "backups").glob("*.part")) != []
    under_way.terminate()
    async with asyncio.timeout(20):
        assert await under_way.wait() != 0
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("command", [["backup"], ["compact"]])
def test_a_database_that_is_not_there_is_not_made(
    run: Run, tmp_path: Path, command: list[str]
) -> None:
    engine = create_database_engine(f"sqlite:///{tmp_path}/absent.sqlite")
    refused = run(engine, *command)
    assert refused.exit_code == 2
    assert "does not exist" in refused.stderr
    assert not (tmp_path / "absent.sqlite").exists()


async def test_compacting_keeps_every_row(sqlite_release: AsyncEngine, run: Run) -> None:
    await upgrade(sqlite_release)
    before = await all_rows(sqlite_release)
    await sqlite_release.dispose()
    done = await in_thread(run, sqlite_release, "compact")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "before" in done.stdout
    assert await all_rows(sqlite_release) == before


async def test_postgresql_compacts_itself(releases: Releases, run: Run) -> None:
    async with releases.copied(POSTGRESQL) as engine:
        refused = await in_thread(run, engine, "compact")
    assert refused.exit_code == 2
    assert "autovacuum" in refused.stderr


@pytest.mark.parametrize("command", ["backup", "restore", "compact"])
def test_help_teaches(command: str) -> None:
    commands = typer.Typer()
    add_upkeep_commands(commands)
    shown = CliRunner().invoke(commands, [command, "--help"])
    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()) > 8
