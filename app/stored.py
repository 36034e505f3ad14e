"""Reads what a database holds without making one, or changing the one that is there."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL

from db.engine import create_database_engine, is_sqlite
from db.migrate import MigrationState, migration_state
from db.unit_of_work import SqlStorage
from engine.ports.storage import UnitOfWork

Kept = TypeVar("Kept")


def is_yet_to_be_made(url: URL) -> bool:
    """Whether this is a database file that the first run will make."""
    return is_sqlite(url) and not Path(str(url.database)).exists()


async def read_kept(
    url: URL,
    read: Callable[[UnitOfWork], Awaitable[Kept]],
    nothing: Kept,
    *,
    since: str | None = None,
) -> Kept:
    """What the database holds; `nothing` while it is not there or its tables are not current.

    What is kept in tables that were not changed after migration `since` is read of an older
    database as well. Raises `StorageUnavailableError`.
    """
    if is_yet_to_be_made(url):
        return nothing
    engine = create_database_engine(url)
    try:
        if not is_readable(await migration_state(engine), since=since):
            return nothing
        async with SqlStorage(engine)() as unit:
            return await read(unit)
    finally:
        await engine.dispose()


def is_readable(state: MigrationState, *, since: str | None) -> bool:
    """Whether tables are as this version knows them, those of migration `since` if it is given."""
    if state.is_current or since is None or state.current is None:
        return state.is_current
    return not state.is_newer and state.current >= since
