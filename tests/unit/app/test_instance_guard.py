"""Which locks one process takes for which storage."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.clock import ExchangeClock
from app.instance import InstanceGuard
from app.settings.sections import StorageSettings
from db.instance_lock import RedisInstanceLock, lock_scope
from domain.errors import ConfigurationError


def _guard(database_url: str, redis_url: str | None = None) -> InstanceGuard:
    settings = StorageSettings(
        database_url=SecretStr(database_url),
        redis_url=None if redis_url is None else SecretStr(redis_url),
    )
    return InstanceGuard(settings, ExchangeClock())


async def _assert_taken(guard: InstanceGuard) -> None:
    with pytest.raises(ConfigurationError, match="another Quorum works on this database"):
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
    await _assert_taken(_guard(postgres_url))
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
