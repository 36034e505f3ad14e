"""The session that holds the instance lock: what is set for it, and which one may be ended."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from db.lock_session import SOON_GIVEN_UP, configure, end_holder, find_session


@pytest.fixture
async def connection(postgres_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(postgres_url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as opened:
        yield opened
    await engine.dispose()


async def test_the_server_is_told_to_give_up_a_dead_way_within_half_a_minute(
    connection: AsyncConnection,
) -> None:
    await configure(connection, SOON_GIVEN_UP)
    asked = text("SELECT name FROM pg_settings WHERE source = 'session'")
    told = set((await connection.scalars(asked)).all())
    assert told >= set(SOON_GIVEN_UP)
    idle, interval, count = (
        int(SOON_GIVEN_UP[f"tcp_keepalives_{name}"]) for name in ("idle", "interval", "count")
    )
    assert idle + interval * count <= 30


async def test_what_the_server_does_not_know_is_left_out(connection: AsyncConnection) -> None:
    await configure(connection, {"never_heard_of": "1", "application_name": "still here"})
    assert await connection.scalar(text("SHOW application_name")) == "still here"


async def test_a_session_that_does_not_hold_the_lock_is_not_ended(
    connection: AsyncConnection,
) -> None:
    assert not await end_holder(connection, await find_session(connection))
    assert await connection.scalar(text("SELECT 1")) == 1
