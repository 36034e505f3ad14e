"""One suite, three storages: the fake in memory, SQLite in a file, a real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from engine.ports.storage import Storage
from tests.fakes.storage import InMemoryStorage
from tests.servers.databases import POSTGRESQL, SQLITE, MigratedDatabases


@pytest.fixture(scope="session")
async def postgres_engine(databases: MigratedDatabases) -> AsyncIterator[AsyncEngine]:
    engine = create_database_engine(await databases.blank(POSTGRESQL))
    yield engine
    await engine.dispose()


@pytest.fixture(params=["memory", SQLITE, POSTGRESQL])
async def storage(
    request: pytest.FixtureRequest, databases: MigratedDatabases, postgres_engine: AsyncEngine
) -> AsyncIterator[Storage]:
    """An empty storage."""
    if request.param == "memory":
        yield InMemoryStorage()
    elif request.param == POSTGRESQL:
        await databases.blank(POSTGRESQL)
        yield SqlStorage(postgres_engine)
    else:
        engine = create_database_engine(await databases.blank(SQLITE))
        yield SqlStorage(engine)
        await engine.dispose()
