"""How much room a database takes, and giving back what deleted rows left in it.

PostgreSQL does the latter by itself (autovacuum). An SQLite file keeps free pages for rows to come,
which is enough while as much is deleted as is added; only a large surplus is worth returning.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import disk_usage
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import RETURN_PAGES, is_sqlite
from db.errors import translated_errors
from db.sqlite_connection import SqliteConnection
from domain.errors import StorageUnavailableError

_PAGES_AT_ONCE: Final = 1_000
_FREE_SHARE_KEPT: Final = 0.2
"""So much of the file may stay free: about what retention frees and refills within weeks."""

_LOG_SUFFIX: Final = "-wal"
_SHORTEN_LOG: Final = "PRAGMA wal_checkpoint(TRUNCATE)"

_COMPACTING_NEEDS: Final = 2.02
"""Times the content: a temporary copy, and all of it once more in the log, whose frames have heads.
Measured, 1.97 to 2.01."""


async def database_bytes(engine: AsyncEngine) -> int:
    """Bytes on disk, SQLite's log of recent changes included. Raises `StorageUnavailableError`."""
    with translated_errors(engine.url):
        if is_sqlite(engine.url):
            file = str(engine.url.database)
            return sum(_size(Path(file + suffix)) for suffix in ("", _LOG_SUFFIX))
        async with engine.connect() as connection:
            size = func.pg_database_size(func.current_database())
            return int((await connection.execute(select(size))).scalar_one())


async def tidy(
    engine: AsyncEngine, *, writers: asyncio.Lock, pause: Callable[[], Awaitable[None]]
) -> int:
    """Keep SQLite's plans of queries good and return free room beyond a fifth; bytes returned.

    `writers` is the storage's queue of those who write; others can write in every pause. Nothing to
    do on PostgreSQL. Raises `StorageUnavailableError`.
    """
    if not is_sqlite(engine.url):
        return 0
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            async with writers:
                await connection.exec_driver_sql("PRAGMA optimize")
            return await _return_surplus(connection, writers, pause)


async def compact(engine: AsyncEngine) -> None:
    """Write an SQLite file anew without free room.

    That needs free room for its content twice, in its own folder. Nobody else can use the database
    until it is done. From then on `tidy` can return room also where the file is from before it
    could. Raises `StorageUnavailableError`, before anything is done where the room is not there.
    """
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            await connection.exec_driver_sql(_SHORTEN_LOG)
            await _check_room(connection)
            async with _temporary_files_beside(connection):
                await connection.exec_driver_sql(RETURN_PAGES)
                await connection.exec_driver_sql("VACUUM")
            await connection.exec_driver_sql(_SHORTEN_LOG)


async def _check_room(connection: AsyncConnection) -> None:
    pages = await _ask(connection, "page_count") - await _ask(connection, "freelist_count")
    needed = int(pages * await _ask(connection, "page_size") * _COMPACTING_NEEDS)
    file = _file_of(connection)
    free = disk_usage(file.parent).free
    if free < needed:
        raise StorageUnavailableError(
            f"writing {file} anew needs {_megabytes(needed)} of free room in {file.parent}, and "
            f"there are {_megabytes(free)}; nothing was done. Make room there, by moving old "
            "backups to another machine for example"
        )


@asynccontextmanager
async def _temporary_files_beside(connection: AsyncConnection) -> AsyncIterator[None]:
    """SQLite's own choice may be as small as memory (`/tmp`). It has no other switch that counts
    once the process has begun; this one is for the whole process.
    """
    folder = str(_file_of(connection).parent).replace("'", "''")
    await connection.exec_driver_sql(f"PRAGMA temp_store_directory='{folder}'")
    try:
        yield
    finally:
        await connection.exec_driver_sql("PRAGMA temp_store_directory=''")


def _file_of(connection: AsyncConnection) -> Path:
    return Path(str(connection.engine.url.database)).absolute()


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


async def _return_surplus(
    connection: AsyncConnection, writers: asyncio.Lock, pause: Callable[[], Awaitable[None]]
) -> int:
    page_bytes = await _ask(connection, "page_size")
    pages_before = await _ask(connection, "page_count")
    pages = pages_before
    while pages * _FREE_SHARE_KEPT < await _ask(connection, "freelist_count"):
        async with writers:
            await _return_pages(connection)
        left = await _ask(connection, "page_count")
        if left == pages:
            break  # a file that was not made to return pages one by one
        pages = left
        await pause()
    return (pages_before - pages) * page_bytes


async def _ask(connection: AsyncConnection, pragma: str) -> int:
    return int((await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one())


async def _return_pages(connection: AsyncConnection) -> None:
    """As a script: an ordinary statement would stop after its first page."""
    raw = (await connection.get_raw_connection()).driver_connection
    if isinstance(raw, SqliteConnection):
        script = f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})"
        await raw.carry_out(lambda cursor: cursor.executescript(script))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
