"""Makes one backup: written, put on the disk, read back and checked, and only then named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from app.upkeep.places import make_folder
from app.upkeep.progress import shown_progress
from app.version import VERSION
from db.archive.dump import opened_snapshot
from db.archive.manifest import Manifest
from db.archive.reader import ArchiveReader
from db.archive.writer import ArchiveWriter, move_into_place
from domain.errors import StorageUnavailableError


async def make_backup(
    engine: AsyncEngine, target: Path, *, at: datetime, aside: Console
) -> Manifest:
    """Back the database up into a file that does not exist yet.

    Raises `StorageUnavailableError`, `ConfigurationError` for a database that can't be backed up,
    and `InvalidDataError` when the record in it does not hold. Then nothing is left of it.
    """
    make_folder(target.parent)
    with _named_errors(target), ArchiveWriter(target) as writer:
        async with opened_snapshot(engine) as snapshot:
            rows = await snapshot.count_rows()
            with shown_progress(aside, "backing up", rows) as advance:
                await snapshot.write(writer, at=at, version=VERSION, advance=advance)
        manifest = check_archive(writer.part, aside)
        move_into_place(writer.part, target)
    return manifest


def check_archive(path: Path, aside: Console) -> Manifest:
    """Read a backup from its beginning to its end. Raises `InvalidDataError`."""
    with ArchiveReader(path) as archive:
        with shown_progress(aside, "checking", archive.manifest.rows) as advance:
            archive.verify(advance)
        return archive.manifest


@contextmanager
def _named_errors(target: Path) -> Iterator[None]:
    if target.exists():
        raise StorageUnavailableError(f"{target} exists already; try again in a second")
    try:
        yield
    except OSError as error:
        raise StorageUnavailableError(
            f"the backup {target} can't be written: {error.strerror}; make room on the disk, or "
            "name another folder with --out"
        ) from error
