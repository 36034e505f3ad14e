"""Races that only PostgreSQL, with its many writers, can see lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.access import Role
from domain.errors import ConflictError
from tests.builders.signals import CLOSED_AT
from tests.servers.databases import POSTGRESQL, MigratedDatabases


@pytest.fixture
async def storage(databases: MigratedDatabases) -> AsyncIterator[SqlStorage]:
    engine = create_database_engine(await databases.blank(POSTGRESQL))
    yield SqlStorage(engine)
    await engine.dispose()


async def test_of_two_units_that_wait_for_each_other_one_gets_a_conflict(
    storage: SqlStorage,
) -> None:
    both_have_written = asyncio.Barrier(2)

    async def grant(first: int, second: int) -> None:
        async with storage() as unit:
            await unit.users.grant(first, Role.ADMIN, at=CLOSED_AT, how="settings")
            await both_have_written.wait()
            await unit.users.grant(second, Role.ADMIN, at=CLOSED_AT, how="settings")
            await unit.commit()

    results = await asyncio.gather(grant(1, 2), grant(2, 1), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [ConflictError]


async def test_writers_of_different_rows_do_not_wait_for_each_other(storage: SqlStorage) -> None:
    async with storage() as one, storage() as two, asyncio.timeout(5):
        await one.users.grant(1, Role.ADMIN, at=CLOSED_AT, how="settings")
        await two.users.grant(2, Role.ADMIN, at=CLOSED_AT, how="settings")
        await two.commit()
        await one.commit()
    async with storage() as unit:
        assert await unit.users.list_with(Role.ADMIN) == [1, 2]
