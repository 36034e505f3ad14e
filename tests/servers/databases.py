"""Databases for tests, migrated once: a new SQLite file each time, one PostgreSQL to be emptied."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db.engine import create_database_engine
from db.migrate import upgrade
from db.tables import metadata
from tests.servers.postgres import WORKER, create_database, fresh_database

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
BACKENDS = (SQLITE, POSTGRESQL)

_NAME = f"quorum_tests_{WORKER}"


class MigratedDatabases:
    """Gives out databases that are up to date and hold nothing."""

    def __init__(self, folder: Path, server_url: str) -> None:
        self._folder = folder
        self._server_url = server_url
        self._postgres_url = (
            make_url(server_url).set(database=_NAME).render_as_string(hide_password=False)
        )
        self._emptier = create_async_engine(self._postgres_url, pool_pre_ping=True)
        self._original_file = folder / "original.sqlite"
        self._numbers: Iterator[int] = count(1)

    async def prepare(self) -> None:
        """Migrate one database of each kind."""
        await create_database(self._server_url, _NAME)
        await _migrate(self._postgres_url)
        await _migrate(f"sqlite:///{self._original_file}")

    async def blank(self, backend: str) -> str:
        """The URL of a migrated database without a row. On PostgreSQL it is always the same one."""
        if backend == POSTGRESQL:
            await _empty(self._emptier)
            return self._postgres_url
        return f"sqlite:///{shutil.copy(self._original_file, self._new_file())}"

    @asynccontextmanager
    async def unmigrated(self, backend: str) -> AsyncIterator[str]:
        """The URL of a database without a table."""
        if backend == POSTGRESQL:
            async with fresh_database(self._server_url) as url:
                yield url
        else:
            yield f"sqlite:///{self._new_file()}"

    async def close(self) -> None:
        await self._emptier.dispose()

    def _new_file(self) -> Path:
        return self._folder / f"copy_{next(self._numbers)}.sqlite"


async def _migrate(url: str) -> None:
    engine = create_database_engine(url)
    await upgrade(engine)
    await engine.dispose()


async def _empty(engine: AsyncEngine) -> None:
    # Much faster than a new database. A replica's session skips the ledger's triggers.
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in metadata.tables.values():
            await connection.execute(table.delete())
