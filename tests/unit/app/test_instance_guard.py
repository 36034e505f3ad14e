"""Which locks one process takes for which storage."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.clock import ExchangeClock
from app.instance import InstanceGuard
from app.settings.sections import StorageSettings
from db.engine import parse_database_url
from db.instance_lock import PostgresInstanceLock, RedisInstanceLock, lock_scope
from domain.errors import ConfigurationError, ConflictError


def _guard(database_url: str, redis_url: str | None = None) -> InstanceGuard:
    settings = StorageSettings(
        database_url=SecretStr(database_url),
        redis_url=None if redis_url is None else SecretStr(redis_url),
    )
    return InstanceGuard(settings, ExchangeClock())


async def _assert_taken(guard: InstanceGuard, and_says: str = "") -> None:
    words = f"another Quorum works on this database.*{and_says}"
    with pytest.raises(ConfigurationError, match=words):
        await guard.acquire()
    await guard.release()


async def test_a_file_needs_no_keeping(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/quorum.sqlite"
    first = _guard(url)
    assert first.keep is None
    await first.acquire()
    await _assert_taken(_guard(url))
    await first.release()
    second = _guard(url)
    await second.acquire()
    await second.release()


async def test_a_file_is_locked_with_redis_too(tmp_path: Path, redis_url: str) -> None:
    url = f"sqlite:///{tmp_path}/quorum.sqlite"
    with_redis, without = _guard(url, redis_url), _guard(url)
    assert with_redis.keep is not None
    await with_redis.acquire()
    await _assert_taken(without)
    await with_redis.release()
    await without.acquire()
    await without.release()


async def test_a_server_is_locked_for_every_machine(postgres_url: str) -> None:
    first = _guard(postgres_url)
    assert first.keep is not None
    await first.acquire()
    await _assert_taken(_guard(postgres_url), and_says="frees its lock within half a minute")
    await first.release()


async def test_the_lease_of_a_stopped_process_is_waited_for(
    postgres_url: str, redis_url: str
) -> None:
    crashed = RedisInstanceLock(
        redis_url,
        scope=lock_scope(postgres_url),
        owner="elsewhere:1",
        clock=ExchangeClock(),
        lease_seconds=0.5,
    )
    assert await crashed.acquire()
    guard = _guard(postgres_url, redis_url)
    async with asyncio.timeout(20):
        await guard.acquire()
    await guard.release()
    await crashed.close()


async def test_a_lease_that_is_renewed_is_refused(postgres_url: str, redis_url: str) -> None:
    alive = RedisInstanceLock(
        redis_url,
        scope=lock_scope(postgres_url),
        owner="elsewhere:1",
        clock=ExchangeClock(),
        lease_seconds=1.0,
    )
    assert await alive.acquire()
    keeping = asyncio.create_task(alive.keep())
    async with asyncio.timeout(20):
        await _assert_taken(_guard(postgres_url, redis_url))
    keeping.cancel()
    await alive.release()
    await alive.close()


async def test_a_server_is_locked_with_redis_too(postgres_url: str, redis_url: str) -> None:
    with_redis, without = _guard(postgres_url, redis_url), _guard(postgres_url)
    await with_redis.acquire()
    await _assert_taken(without)
    await with_redis.release()


async def test_without_an_answer_of_redis_the_lock_of_the_database_is_held_and_it_is_noted(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/quorum.sqlite"
    first = _guard(url, "redis://127.0.0.1:1/0")
    await first.acquire()
    assert "Redis is away" in first.notes()[0]
    await _assert_taken(_guard(url))
    await first.release()
    assert _guard(url).notes() == []


async def test_a_lock_that_somebody_took_ends_the_keeping_in_words(
    postgres_url: str, redis_url: str
) -> None:
    guard, thief = _guard(postgres_url, redis_url), PostgresInstanceLock(postgres_url)
    await guard.acquire()
    assert guard.keep is not None
    keeping = asyncio.create_task(guard.keep())
    await _cut_holders(postgres_url)
    async with asyncio.timeout(30):
        while not await thief.acquire():
            await _cut_holders(postgres_url)
        with pytest.raises(ConflictError, match="only one may work"):
            await keeping
    await thief.release()
    await guard.release()


async def _cut_holders(url: str) -> None:
    engine = create_async_engine(parse_database_url(url))
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        )
    await engine.dispose()
