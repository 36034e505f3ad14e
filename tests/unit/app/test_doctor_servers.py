"""The doctor's look at real servers: Redis and PostgreSQL."""

from app.doctor.administrators import examine_administrators
from app.doctor.check import CheckResult, Examination, Status
from app.doctor.database import examine_database
from app.doctor.redis import examine_redis
from db.engine import parse_database_url
from tests.servers.databases import MigratedDatabases


async def _only_line(examination: Examination) -> CheckResult:
    (line,) = [line async for line in examination]
    return line


async def test_a_redis_that_answers_is_ok(redis_url: str) -> None:
    assert (await _only_line(examine_redis(redis_url))).status is Status.OK


async def test_a_redis_that_is_away_is_a_failure() -> None:
    line = await _only_line(examine_redis("redis://:hush-hush@127.0.0.1:1", connect_seconds=0.5))

    assert line.status is Status.FAILURE
    assert "hush-hush" not in f"{line}"


async def test_a_migrated_postgresql_is_current(databases: MigratedDatabases) -> None:
    url = parse_database_url(await databases.blank("postgresql"))

    database = await _only_line(examine_database(url))
    administrators = await _only_line(examine_administrators(url, ()))

    assert "migrations are current" in database.detail
    assert administrators.status is Status.WARNING


async def test_an_empty_postgresql_is_filled_by_the_first_run(databases: MigratedDatabases) -> None:
    async with databases.unmigrated("postgresql") as address:
        line = await _only_line(examine_database(parse_database_url(address)))

    assert line.status is Status.OK
    assert "empty" in line.detail
