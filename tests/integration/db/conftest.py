"""Engines on migrated and on empty databases, of both kinds."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_database_engine
from tests.servers.databases import BACKENDS, SQLITE, MigratedDatabases


@pytest.fixture(params=BACKENDS)
async def engine(
    request: pytest.FixtureRequest, databases: MigratedDatabases
) -> AsyncIterator[AsyncEngine]:
    """Up to date, without a row."""
    opened = create_database_engine(await databases.blank(request.param))
    yield opened
    await opened.dispose()


@pytest.fixture(params=BACKENDS)
async def unmigrated(
    request: pytest.FixtureRequest, databases: MigratedDatabases
) -> AsyncIterator[AsyncEngine]:
    """Without a table."""
    async with databases.unmigrated(request.param) as url:
        opened = create_database_engine(url)
        yield opened
        await opened.dispose()


@pytest.fixture
async def sqlite_engine(databases: MigratedDatabases) -> AsyncIterator[AsyncEngine]:
    """Up to date, without a row, in a file."""
    opened = create_database_engine(await databases.blank(SQLITE))
    yield opened
    await opened.dispose()
