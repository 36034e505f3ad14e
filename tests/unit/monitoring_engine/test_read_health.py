"""/health with a reader: fresh readings, judged on the spot, also without the database."""

import pytest

from domain.errors import StorageUnavailableError
from engine.health import HealthReader, ReadHealth
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.values import HealthReading, StoreReading
from engine.reports import StatusReport
from tests.builders.health import make_reading
from tests.builders.reports import make_status

AWAY = make_reading(database=StoreReading(name="SQLite", error="locked", milliseconds=None))


async def read_status() -> StatusReport:
    return make_status()


async def no_status() -> StatusReport:
    raise StorageUnavailableError("locked")


async def read() -> HealthReading:
    return AWAY


READER = HealthReader(read=read, parameters=HealthParameters())


async def test_a_fresh_reading_is_judged() -> None:
    report = await ReadHealth(read_status=read_status, feeds=list, reader=READER)()
    assert (report.status, report.reading) == (make_status(), AWAY)
    assert [finding.subject for finding in report.standing] == ["database"]


async def test_without_the_database_the_reading_is_told_all_the_same() -> None:
    report = await ReadHealth(read_status=no_status, feeds=list, reader=READER)()
    assert (report.status, report.reading) == (None, AWAY)


async def test_without_a_reader_nothing_can_be_told_then() -> None:
    with pytest.raises(StorageUnavailableError):
        await ReadHealth(read_status=no_status, feeds=list)()
