"""Redis is away at the start, and while the bot is at work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from app.clock import ExchangeClock
from db.instance_lock import RedisInstanceLock, lock_scope
from tests.chaos.case import Case
from tests.chaos.ground import PATIENCE, bot_at_work, wait_for_new_post
from tests.chaos.servers import restartable_valkey
from tests.e2e.door import Door
from tests.e2e.line import Line, open_line
from tests.e2e.waiting import until

_NOTE = "Redis is away"


async def redis_away_at_the_start(folder: Path) -> None:
    """The bot starts without it, says so, and takes the lease once it is there."""
    url = f"sqlite:///{folder}/quorum.sqlite"
    with restartable_valkey() as (redis_url, _):
        async with (
            Door() as door,
            open_line(url, pairs=4, sections=_redis_behind(door)) as line,
            line.bot(),
        ):
            await line.wait_for_posts(1)
            await line.ask("/status", _NOTE)
            await door.open(redis_url.removeprefix("unix://"))
            await _wait_for_lease(redis_url, url)
            await wait_for_new_post(line)
            assert _NOTE not in (await line.ask("/status", "Status")).text


async def redis_restarted(folder: Path) -> None:
    """It comes back empty: the bot has worked on, and holds the lease again."""
    url = f"sqlite:///{folder}/quorum.sqlite"
    with restartable_valkey() as (redis_url, server):
        sections = {"storage": {"redis_url": redis_url}}
        async with open_line(url, pairs=4, sections=sections) as line, line.bot():
            await line.wait_for_posts(1)
            await server.stop()
            await wait_for_new_post(line)
            await _wait_for_note(line)
            await server.start()
            await _wait_for_lease(redis_url, url)


async def lease_taken_while_redis_was_away(folder: Path) -> None:
    """Somebody else holds it when Redis is back: the bot stops, and says why."""
    url = f"sqlite:///{folder}/quorum.sqlite"
    with restartable_valkey() as (redis_url, _):
        async with Door() as door, open_line(url, pairs=4) as line:
            await door.open(redis_url.removeprefix("unix://"))
            async with bot_at_work(line, folder, REDIS_URL=f"redis://{door.address}") as bot:
                await door.shut()
                async with _lease_elsewhere(redis_url, url):
                    await door.open(redis_url.removeprefix("unix://"))
                    assert await bot.wait(seconds=PATIENCE) != 0
                assert "another process has taken the lock" in bot.logged


def _redis_behind(door: Door) -> dict[str, dict[str, str]]:
    return {"storage": {"redis_url": f"redis://{door.address}"}}


async def _wait_for_note(line: Line) -> None:
    """Until the status tells: the loss is seen when the lease is to be renewed."""

    async def look() -> bool:
        return _NOTE in (await line.ask("/status", "Status")).text

    await until(look, "the status does not tell of Redis", seconds=PATIENCE, pause=2.0)


async def _wait_for_lease(redis_url: str, database_url: str) -> None:
    redis = Redis.from_url(redis_url)

    async def look() -> bool:
        return bool(await redis.exists(f"quorum:instance:{lock_scope(database_url)}"))

    await until(look, "nobody takes the lease", seconds=PATIENCE, pause=0.2)
    await redis.aclose()


@asynccontextmanager
async def _lease_elsewhere(redis_url: str, database_url: str) -> AsyncIterator[None]:
    """Another machine's bot takes the lease that this one could not renew, and renews it."""
    scope = lock_scope(database_url)
    redis = Redis.from_url(redis_url)
    await redis.delete(f"quorum:instance:{scope}")
    await redis.aclose()
    lease = RedisInstanceLock(
        redis_url, scope=scope, owner="elsewhere:1", clock=ExchangeClock(), lease_seconds=1.5
    )
    assert await lease.acquire()
    keeping = asyncio.create_task(lease.keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        await lease.close()


CASES = (
    Case(
        fault="Redis away at the start",
        expected="starts on the database's lock, noted in /status, takes the lease when it is back",
        play=redis_away_at_the_start,
    ),
    Case(
        fault="Redis restarted while at work, empty afterwards",
        expected="works on, noted in /status, takes the lease again",
        play=redis_restarted,
    ),
    Case(
        fault="lease in somebody else's hands when Redis is back",
        expected="the process stops and says why",
        play=lease_taken_while_redis_was_away,
    ),
)
