"""Backups as values: what goes into one comes out of it, in either kind of database."""

import asyncio
import json
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import db.engine
from app.upkeep.making import check_archive, make_backup
from db.archive.load import holds_rows, load
from db.archive.manifest import MANIFEST_FILE
from db.archive.reader import ArchiveReader
from db.archive.writer import ArchiveWriter
from db.engine import create_database_engine
from db.migrate import migration_state, upgrade
from db.unit_of_work import SqlStorage
from domain.errors import ConfigurationError, InvalidDataError, StorageUnavailableError
from domain.ledger import EntryKind
from domain.watchlist import WatchChange, WatchChangeKind
from engine.ledger import next_entry
from tests.builders.signals import CLOSED_AT
from tests.e2e.door import Door
from tests.fakes.clock import AFTERNOON
from tests.integration.upkeep.conftest import Releases
from tests.integration.upkeep.releases import HEAD, REVISION, all_rows
from tests.servers.databases import POSTGRESQL
from tests.servers.postgres import place_of, reached_through

QUIET = Console(quiet=True)


def ignore(rows: int) -> None:
    """Progress that nobody looks at."""


async def back_up(engine: AsyncEngine, folder: Path, name: str = "backup.zip") -> Path:
    target = folder / name
    await make_backup(engine, target, at=AFTERNOON, aside=QUIET)
    return target


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def put_back(engine: AsyncEngine, path: Path) -> None:
    with ArchiveReader(path) as archive:
        await load(engine, archive, ignore)


async def test_a_backup_fills_either_kind_of_database_row_by_row(
    released: AsyncEngine, empty: AsyncEngine, tmp_path: Path
) -> None:
    """That of the release before is brought up to date on the way."""
    path = await back_up(released, tmp_path)
    assert check_archive(path, QUIET).revision == REVISION
    await put_back(empty, path)
    assert await all_rows(empty) == await all_rows(released)
    assert (await migration_state(empty)).is_current


async def test_a_backup_of_a_database_of_today_is_one_of_today(
    sqlite_release: AsyncEngine, empty: AsyncEngine, tmp_path: Path
) -> None:
    await upgrade(sqlite_release)
    path = await back_up(sqlite_release, tmp_path)
    assert check_archive(path, QUIET).revision == HEAD
    await put_back(empty, path)
    assert (await migration_state(empty)).is_current
    assert await all_rows(empty) == await all_rows(sqlite_release)


async def test_a_restored_database_counts_on_and_protects_its_record(
    sqlite_release: AsyncEngine, empty: AsyncEngine, tmp_path: Path
) -> None:
    await put_back(empty, await back_up(sqlite_release, tmp_path))
    change = WatchChange(
        symbol="BTCUSDT", kind=WatchChangeKind.LEAVE, at=CLOSED_AT, score=40.0, reason="low"
    )
    async with SqlStorage(empty)() as unit:
        head = await unit.ledger.find_head()
        await unit.ledger.append(next_entry(head, EntryKind.SIGNAL, CLOSED_AT, {"signal": 13}))
        await unit.watchlist.replace([], [change])
        await unit.commit()
        assert (await unit.watchlist.list_changes(limit=1)) == [change]
    async with empty.connect() as connection:
        with pytest.raises(Exception, match="append-only"):
            await connection.execute(text("DELETE FROM ledger"))


async def test_what_is_written_meanwhile_does_not_get_into_a_backup(
    released: AsyncEngine, tmp_path: Path
) -> None:
    """The record is read last: an entry that came in between would be in it."""
    await upgrade(released)
    storage = SqlStorage(released)
    before = await all_rows(released)
    is_done = asyncio.Event()

    async def write() -> int:
        entries = 0
        while not is_done.is_set():
            async with storage() as unit:
                head = await unit.ledger.find_head()
                assert head is not None
                content = {"signal": head.sequence}
                await unit.ledger.append(next_entry(head, EntryKind.SIGNAL, CLOSED_AT, content))
                await unit.commit()
            entries += 1
        return entries

    writing = asyncio.create_task(write())
    await asyncio.sleep(0)
    path = await back_up(released, tmp_path)
    is_done.set()
    assert await writing > 0
    manifest = check_archive(path, QUIET)
    assert manifest.head.entries >= len(before["ledger"])
    (ledger,) = [table for table in manifest.tables if table.name == "ledger"]
    assert ledger.rows == manifest.head.entries


async def test_a_database_is_replaced_as_a_whole(
    released: AsyncEngine, sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    async with SqlStorage(sqlite_release)() as unit:
        await unit.watchlist.replace([], [])
        await unit.commit()
    path = await back_up(sqlite_release, tmp_path)
    assert await holds_rows(released)
    await put_back(released, path)
    assert await all_rows(released) == await all_rows(sqlite_release)


async def test_a_restore_that_fails_half_way_changes_nothing(
    released: AsyncEngine, sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    path, before = await back_up(sqlite_release, tmp_path), await all_rows(released)

    def fail(rows: int) -> None:
        raise OSError("no space left")

    with ArchiveReader(path) as archive, pytest.raises(StorageUnavailableError, match="no space"):
        await load(released, archive, fail)
    assert await all_rows(released) == before
    assert (await migration_state(released)).current == REVISION


_KILLED_HALF_WAY = """
import asyncio, sys, time
from pathlib import Path
from db.archive.load import load
from db.archive.reader import ArchiveReader
from db.archive.writer import ArchiveWriter
from db.engine import create_database_engine
from db.engine import create_database_engine

def hang(rows):
    print("there", flush=True)
    time.sleep(60)

engine = create_database_engine(sys.argv[1])
asyncio.run(load(engine, ArchiveReader(Path(sys.argv[2])), hang))
"""


async def test_a_restore_that_is_killed_half_way_changes_nothing(
    released: AsyncEngine, tmp_path: Path
) -> None:
    path, before = await back_up(released, tmp_path), await all_rows(released)
    url = released.url.render_as_string(hide_password=False)
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _KILLED_HALF_WAY, url, str(path)),
        cwd=Path(__file__).parents[3],
        stdout=asyncio.subprocess.PIPE,
    )
    assert killed.stdout is not None
    assert await killed.stdout.readline() == b"there\n"
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    await released.dispose()
    assert await all_rows(released) == before


async def test_an_empty_database_cannot_be_backed_up(empty: AsyncEngine, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nothing to back up"):
        await back_up(empty, tmp_path)
    assert left_in(tmp_path) == []


async def test_a_database_from_a_newer_version_is_not_backed_up(
    sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    async with sqlite_release.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match=r"newer version .*9999"):
        await back_up(sqlite_release, tmp_path)


async def test_columns_that_nobody_knows_are_not_left_out_in_silence(
    sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    async with sqlite_release.begin() as connection:
        await connection.execute(text("ALTER TABLE users ADD COLUMN nickname TEXT"))
    with pytest.raises(ConfigurationError, match=r"users .*nickname"):
        await back_up(sqlite_release, tmp_path)


async def test_a_record_that_does_not_hold_gives_no_backup_and_leaves_nothing_behind(
    sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    async with sqlite_release.begin() as connection:
        await connection.execute(text("DROP TRIGGER ledger_refuses_UPDATE"))
        await connection.execute(text("UPDATE ledger SET hash = 'x' WHERE sequence = 2"))
    with pytest.raises(InvalidDataError, match="does not hold from entry 2 on"):
        await back_up(sqlite_release, tmp_path)
    assert left_in(tmp_path) == []


async def test_a_backup_is_for_its_owner_alone(sqlite_release: AsyncEngine, tmp_path: Path) -> None:
    path = await back_up(sqlite_release, tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_folder_that_may_not_be_written_is_said_to_be(
    sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageUnavailableError, match="can't be made"):
        await back_up(sqlite_release, tmp_path / "file" / "deeper")


@pytest.mark.parametrize("unfinished", ["backup.zip.part", "backup.zip.table.part"])
async def test_a_full_disk_is_said_to_be_full_and_leaves_nothing_behind(
    released: AsyncEngine, tmp_path: Path, unfinished: str
) -> None:
    (tmp_path / unfinished).symlink_to("/dev/full")
    with pytest.raises(StorageUnavailableError, match=r"backup\.zip can't be written.* make room"):
        await back_up(released, tmp_path)
    assert left_in(tmp_path) == []


async def test_a_database_that_goes_away_meanwhile_is_not_taken_for_a_full_disk(
    releases: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with releases.copied(POSTGRESQL) as engine, Door() as door:
        url = engine.url.render_as_string(hide_password=False)
        await door.open(place_of(url))
        begin = ArchiveWriter.begin

        def cut_then_begin(writer: ArchiveWriter, columns: Sequence[tuple[str, str]]) -> None:
            door.fall_silent()
            begin(writer, columns)

        monkeypatch.setattr(ArchiveWriter, "begin", cut_then_begin)
        monkeypatch.setattr(db.engine, "_COMMAND_SECONDS", 0.5)
        cut_off = create_database_engine(reached_through(door.address, url))
        with pytest.raises(StorageUnavailableError, match="Check DATABASE_URL"):
            await back_up(cut_off, tmp_path)
        await cut_off.dispose()
    assert left_in(tmp_path) == []


@contextmanager
def altered(path: Path, member: str) -> Iterator[dict[str, bytes]]:
    """The members of an archive, to be changed and written back as they are then."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert member in members
    yield members
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


async def test_a_changed_row_is_noticed(sqlite_release: AsyncEngine, tmp_path: Path) -> None:
    path = await back_up(sqlite_release, tmp_path)
    with altered(path, "users.parquet") as members:
        members["users.parquet"] = members["users.parquet"].replace(b"admin", b"guest")
    with pytest.raises(InvalidDataError, match=r"users\.parquet is not what was written"):
        check_archive(path, QUIET)


async def test_a_missing_table_is_noticed(sqlite_release: AsyncEngine, tmp_path: Path) -> None:
    path = await back_up(sqlite_release, tmp_path)
    with altered(path, "users.parquet") as members:
        del members["users.parquet"]
    with pytest.raises(InvalidDataError, match=r"users\.parquet"):
        check_archive(path, QUIET)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("head", {"entries": 2, "hash": "77"}, "ends at 3:.* 2:77 was written"),
        ("format", "quorum backup 2", "reads 'quorum backup 1'"),
        ("made_at", "yesterday", "cannot be read"),
    ],
)
async def test_a_manifest_that_says_otherwise_is_noticed(
    sqlite_release: AsyncEngine, tmp_path: Path, name: str, value: object, complaint: str
) -> None:
    path = await back_up(sqlite_release, tmp_path)
    with altered(path, MANIFEST_FILE) as members:
        manifest = json.loads(members[MANIFEST_FILE]) | {name: value}
        members[MANIFEST_FILE] = json.dumps(manifest).encode()
    with pytest.raises(InvalidDataError, match=complaint):
        check_archive(path, QUIET)


async def test_a_backup_from_a_newer_version_is_refused_before_anything_is_touched(
    sqlite_release: AsyncEngine, tmp_path: Path
) -> None:
    path, before = await back_up(sqlite_release, tmp_path), await all_rows(sqlite_release)
    with altered(path, MANIFEST_FILE) as members:
        manifest = json.loads(members[MANIFEST_FILE]) | {"revision": "9999"}
        members[MANIFEST_FILE] = json.dumps(manifest).encode()
    with pytest.raises(ConfigurationError, match=r"newer version .*9999.*update Quorum"):
        await put_back(sqlite_release, path)
    assert await all_rows(sqlite_release) == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
async def test_a_file_that_ends_too_early_is_no_backup(
    sqlite_release: AsyncEngine, tmp_path: Path, share: float
) -> None:
    path = await back_up(sqlite_release, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InvalidDataError, match="is no backup of Quorum or is damaged"):
        check_archive(path, QUIET)


async def test_an_sqlite_file_is_no_backup(sqlite_release: AsyncEngine, tmp_path: Path) -> None:
    shutil.copy(str(sqlite_release.url.database), tmp_path / "copy.zip")
    with pytest.raises(InvalidDataError, match="is no backup of Quorum"):
        check_archive(tmp_path / "copy.zip", QUIET)
