"""Databases of the release before, made once and copied, and empty ones, of both kinds."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db.engine import create_database_engine
from tests.integration.upkeep.releases import make_release
from tests.servers.databases import BACKENDS, SQLITE, MigratedDatabases
from tests.servers.postgres import WORKER, create_database

_MODEL = f"release_{WORKER}"
_numbers = count(1)


class Releases:
    """Gives out databases as version 0.1.0 left them."""

    def __init__(self, folder: Path, server_url: str) -> None:
        self._folder = folder
        self._server_url = server_url

    async def prepare(self) -> None:
        """Make one of each kind."""
        await create_database(self._server_url, _MODEL)
        for url in (self._postgres(_MODEL), self._file(_MODEL)):
            engine = create_database_engine(url)
            await make_release(engine)
            await engine.dispose()

    @asynccontextmanager
    async def copied(self, backend: str) -> AsyncIterator[AsyncEngine]:
        """A copy, as long as the block runs."""
        name = f"{_MODEL}_{next(_numbers)}"
        if backend == SQLITE:
            shutil.copy(self._folder / _MODEL, self._folder / name)
            url = self._file(name)
        else:
            await self._run(f"CREATE DATABASE {name} TEMPLATE {_MODEL}")
            url = self._postgres(name)
        engine = create_database_engine(url)
        yield engine
        await engine.dispose()
        if backend != SQLITE:
            await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _file(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}"

    def _postgres(self, name: str) -> str:
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)

    async def _run(self, statement: str) -> None:
        engine = create_async_engine(self._server_url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()


@pytest.fixture(scope="session")
async def releases(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    made = Releases(tmp_path_factory.mktemp("releases"), postgres_url)
    await made.prepare()
    return made


@pytest.fixture(params=BACKENDS)
async def released(
    request: pytest.FixtureRequest, releases: Releases
) -> AsyncIterator[AsyncEngine]:
    """As version 0.1.0 left it, of each kind."""
    async with releases.copied(request.param) as engine:
        yield engine


@pytest.fixture
async def sqlite_release(releases: Releases) -> AsyncIterator[AsyncEngine]:
    """As version 0.1.0 left it, in a file."""
    async with releases.copied(SQLITE) as engine:
        yield engine


@pytest.fixture(params=BACKENDS)
async def empty(
    request: pytest.FixtureRequest, databases: MigratedDatabases
) -> AsyncIterator[AsyncEngine]:
    """Without a table."""
    async with databases.unmigrated(request.param) as url:
        engine = create_database_engine(url)
        yield engine
        await engine.dispose()
