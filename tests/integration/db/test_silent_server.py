"""The way to PostgreSQL is cut without a word to either side, as by a firewall that forgets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import db.proof_of_life
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.trading_state import PauseState
from tests.e2e.door import Door
from tests.servers.databases import POSTGRESQL, MigratedDatabases
from tests.servers.postgres import place_of, reached_through

POOLED = 2


@pytest.fixture
async def door(databases: MigratedDatabases) -> AsyncIterator[Door]:
    async with Door() as opened:
        await opened.open(place_of(await databases.blank(POSTGRESQL)))
        yield opened


@pytest.fixture
async def engine(
    door: Door, databases: MigratedDatabases, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncEngine]:
    """With a full pool of connections that have all been used, and are dead by now."""
    monkeypatch.setattr(db.proof_of_life, "ANSWER_SECONDS", 0.2)
    url = reached_through(door.address, await databases.blank(POSTGRESQL))
    opened = create_database_engine(url)
    storage, all_are_in = SqlStorage(opened), asyncio.Barrier(POOLED)
    await asyncio.gather(*(_meet(storage, all_are_in) for _ in range(POOLED)))
    door.fall_silent()
    yield opened
    await opened.dispose()


async def _meet(storage: SqlStorage, all_are_in: asyncio.Barrier) -> None:
    async with storage() as unit:
        await unit.state.get_pause()
        await all_are_in.wait()


async def test_no_unit_of_work_fails_for_connections_that_died_in_the_pool(
    engine: AsyncEngine,
) -> None:
    storage = SqlStorage(engine)
    for _ in range(POOLED):
        async with storage() as unit:
            assert await unit.state.get_pause() == PauseState()


async def test_units_of_work_that_come_together_do_not_fail_either(engine: AsyncEngine) -> None:
    storage, all_are_in = SqlStorage(engine), asyncio.Barrier(POOLED)
    await asyncio.gather(*(_meet(storage, all_are_in) for _ in range(POOLED)))
