"""The cache, in memory and on a real server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import pytest

from db.cache import FallbackCache, MemoryCache, RedisCache
from domain.errors import ConfigurationError, StorageUnavailableError
from engine.ports.cache import Cache
from tests.contract.storage.manual_clock import ManualClock
from tests.e2e.door import Door

SCOPE = "a bot"


class Timed(NamedTuple):
    cache: Cache
    pass_time: Callable[[float], Awaitable[None]]


@pytest.fixture(params=["memory", "redis", "redis with a fallback"])
async def timed(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Timed]:
    if request.param == "memory":
        clock = ManualClock()
        yield Timed(MemoryCache(clock), clock.sleep)
        return
    redis = RedisCache(redis_url, scope=SCOPE)
    cache = redis if request.param == "redis" else FallbackCache(redis, ManualClock())
    # The server has a clock of its own, which only time moves.
    yield Timed(cache, asyncio.sleep)
    await cache.close()


async def test_what_was_never_put_is_absent(timed: Timed) -> None:
    assert await timed.cache.get("never put") is None


async def test_a_value_is_kept_byte_by_byte(timed: Timed) -> None:
    value = bytes(range(256))
    await timed.cache.put("bytes", value, seconds=60)
    assert await timed.cache.get("bytes") == value


async def test_an_empty_value_is_not_an_absent_one(timed: Timed) -> None:
    await timed.cache.put("empty", b"", seconds=60)
    assert await timed.cache.get("empty") == b""


async def test_a_new_value_replaces_the_old_one(timed: Timed) -> None:
    await timed.cache.put("key", b"old", seconds=60)
    await timed.cache.put("key", b"new", seconds=60)
    assert await timed.cache.get("key") == b"new"


async def test_a_value_is_gone_after_its_time(timed: Timed) -> None:
    await timed.cache.put("short", b"1", seconds=0.05)
    await timed.cache.put("long", b"2", seconds=60)
    await timed.pass_time(0.06)
    assert await timed.cache.get("short") is None
    assert await timed.cache.get("long") == b"2"


async def test_a_value_put_again_lives_its_new_time(timed: Timed) -> None:
    await timed.cache.put("renewed", b"1", seconds=0.05)
    await timed.cache.put("renewed", b"1", seconds=60)
    await timed.pass_time(0.06)
    assert await timed.cache.get("renewed") == b"1"


async def test_bots_that_share_a_redis_have_caches_of_their_own(redis_url: str) -> None:
    here, there = RedisCache(redis_url, scope="here"), RedisCache(redis_url, scope="there")
    await here.put("atr:BTCUSDT", b"1.2", seconds=60)
    assert await there.get("atr:BTCUSDT") is None
    await there.put("atr:BTCUSDT", b"3.4", seconds=60)
    assert await here.get("atr:BTCUSDT") == b"1.2"
    for each in (here, there):
        await each.close()


async def test_a_server_that_is_away_is_named_without_its_password() -> None:
    cache = RedisCache("redis://:hunter2@127.0.0.1:1/0", scope=SCOPE)
    with pytest.raises(StorageUnavailableError, match=r"127\.0\.0\.1:1/0") as caught:
        await cache.get("key")
    assert "hunter2" not in str(caught.value)
    await cache.close()


def test_a_url_of_another_kind_is_refused_without_its_password() -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL") as caught:
        RedisCache("http://:hunter2@host", scope=SCOPE)
    assert "hunter2" not in str(caught.value)


async def test_values_live_in_memory_while_the_server_is_away_and_are_shared_again_afterwards(
    redis_url: str,
) -> None:
    clock, target = ManualClock(), redis_url.removeprefix("unix://")
    async with Door() as door:
        cache = FallbackCache(RedisCache(f"redis://{door.address}", scope=SCOPE), clock)
        await cache.put("fallen back", b"1", seconds=60)
        assert await cache.get("fallen back") == b"1"
        assert "does not answer" in str((await cache.read()).error)
        await door.open(target)
        assert await cache.get("never put") is None  # left alone for a while
        assert (await cache.read()).error is None
        await cache.put("shared", b"2", seconds=60)
        await cache.put("fallen back", b"3", seconds=60)
        await cache.close()
    other = RedisCache(redis_url, scope=SCOPE)
    assert await other.get("shared") == b"2"
    assert await other.get("fallen back") == b"3"
    await other.close()


async def test_a_server_that_is_away_is_not_asked_for_every_value() -> None:
    clock = ManualClock()
    cache = FallbackCache(CountingRedis("redis://127.0.0.1:1/0", scope=SCOPE), clock)
    for _ in range(3):
        await cache.get("key")
    assert CountingRedis.asked == 1
    await clock.sleep(60)
    await cache.get("key")
    assert CountingRedis.asked == 2
    await cache.close()


class CountingRedis(RedisCache):
    asked = 0

    async def get(self, key: str) -> bytes | None:
        CountingRedis.asked += 1
        return await super().get(key)
