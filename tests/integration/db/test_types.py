"""Column types, on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.types import ExactDecimal, UTCDateTime

samples = Table(
    "samples",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime),
    Column("amount", ExactDecimal),
)


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.begin() as opened:
        await opened.run_sync(samples.create)
        yield opened
        await opened.run_sync(samples.drop)


@pytest.mark.parametrize(
    "digits",
    [
        "12345678901234567890.123456789012345678",
        "-0.000000000000000000000000000000000000001",
        "1.10",
        "0",
        "100",
        "99999999999999999999999999999999999999",
    ],
)
async def test_a_decimal_keeps_every_digit(connection: AsyncConnection, digits: str) -> None:
    await connection.execute(samples.insert().values(amount=Decimal(digits)))
    stored = (await connection.execute(select(samples.c.amount))).scalar_one()
    assert format(stored, "f") == digits


async def test_no_value_stays_no_value(connection: AsyncConnection) -> None:
    await connection.execute(samples.insert().values(id=1))
    row = (await connection.execute(select(samples))).one()
    assert (row.at, row.amount) == (None, None)


async def test_an_instant_comes_back_aware_in_utc_with_its_microseconds(
    connection: AsyncConnection,
) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    at = datetime(2025, 10, 6, 12, 0, 0, 123_457, tzinfo=india)
    await connection.execute(samples.insert().values(at=at))
    stored = (await connection.execute(select(samples.c.at))).scalar_one()
    assert stored == at
    assert stored.tzinfo is UTC


async def test_instants_sort_and_compare_as_instants(connection: AsyncConnection) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    early = datetime(2025, 10, 6, 12, 0, tzinfo=india)
    late = datetime(2025, 10, 6, 11, 0, tzinfo=UTC)
    await connection.execute(samples.insert(), [{"at": late}, {"at": early}])
    found = await connection.execute(select(samples.c.at).where(samples.c.at < late))
    assert found.scalars().all() == [early]


async def test_a_naive_instant_is_refused(connection: AsyncConnection) -> None:
    naive = datetime(2025, 10, 6)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="no time zone"):
        await connection.execute(samples.insert().values(at=naive))
