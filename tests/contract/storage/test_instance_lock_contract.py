"""The lock of the single instance, on a file and on a real server."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from db.instance_lock import FileInstanceLock, RedisInstanceLock
from domain.errors import ConflictError, StorageUnavailableError
from engine.ports.cache import InstanceLock
from tests.contract.storage.manual_clock import ManualClock

KEY = "quorum:instance"
MakeLock = Callable[[str], InstanceLock]
MakeRedisLock = Callable[..., RedisInstanceLock]


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    await client.delete(KEY)
    yield client
    await client.aclose()


@pytest.fixture
async def make_redis_lock(redis: Redis, redis_url: str) -> AsyncIterator[MakeRedisLock]:
    made: list[RedisInstanceLock] = []

    def make(owner: str, *, url: str = redis_url, **details: object) -> RedisInstanceLock:
        clock = details.pop("clock", ManualClock())
        made.append(RedisInstanceLock(url, owner=owner, clock=clock, **details))  # type: ignore[arg-type] # passed on as given
        return made[-1]

    yield make
    for lock in made:
        await lock.close()


@pytest.fixture(params=["file", "redis"])
async def make_lock(
    request: pytest.FixtureRequest, tmp_path: Path, make_redis_lock: MakeRedisLock
) -> AsyncIterator[MakeLock]:
    """Makes locks of several owners on one thing."""
    made: list[InstanceLock] = []

    def make(owner: str) -> InstanceLock:
        on_file = request.param == "file"
        made.append(FileInstanceLock(tmp_path / "var/lock") if on_file else make_redis_lock(owner))
        return made[-1]

    yield make
    for lock in made:
        await lock.release()


async def test_only_one_can_hold_the_lock(make_lock: MakeLock) -> None:
    assert await make_lock("one").acquire()
    assert not await make_lock("two").acquire()


async def test_who_holds_the_lock_may_take_it_again(make_lock: MakeLock) -> None:
    lock = make_lock("one")
    assert await lock.acquire()
    assert await lock.acquire()
    await lock.release()
    assert await make_lock("two").acquire()


async def test_a_released_lock_can_be_taken_by_another(make_lock: MakeLock) -> None:
    one, two = make_lock("one"), make_lock("two")
    await one.acquire()
    await one.release()
    assert await two.acquire()
    assert not await one.acquire()


async def test_releasing_what_one_does_not_hold_frees_nothing(make_lock: MakeLock) -> None:
    one, two = make_lock("one"), make_lock("two")
    await one.acquire()
    await two.release()
    assert not await two.acquire()


async def test_a_killed_process_gives_its_file_lock_back(tmp_path: Path) -> None:
    path = tmp_path / "quorum.lock"
    program = (
        "import asyncio, pathlib, sys; from db.instance_lock import FileInstanceLock;"
        "lock = FileInstanceLock(pathlib.Path(sys.argv[1]));"
        "print(asyncio.run(lock.acquire()), flush=True); sys.stdin.read()"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, path, stdin=PIPE, stdout=PIPE, cwd=Path(__file__).parents[3]
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"True\n"
    lock = FileInstanceLock(path)
    assert not await lock.acquire()
    other.kill()
    await other.wait()
    assert await lock.acquire()
    await lock.release()


async def test_a_lease_that_is_not_renewed_runs_out(make_redis_lock: MakeRedisLock) -> None:
    silent, waiting = make_redis_lock("silent", lease_seconds=0.05), make_redis_lock("waiting")
    assert await silent.acquire()
    async with asyncio.timeout(10):
        while not await waiting.acquire():  # noqa: ASYNC110 - no event tells of an expiry
            await asyncio.sleep(0.01)
    assert not await silent.acquire()


async def test_the_release_of_a_lost_lock_leaves_the_new_owner_alone(
    make_redis_lock: MakeRedisLock, redis: Redis
) -> None:
    lock = make_redis_lock("one")
    await lock.acquire()
    await redis.set(KEY, "two")
    await lock.release()
    assert await redis.get(KEY) == b"two"


async def test_a_kept_lock_is_renewed_three_times_a_lease(
    make_redis_lock: MakeRedisLock, redis: Redis
) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise asyncio.CancelledError
        await redis.pexpire(KEY, 1_000)

    lock = make_redis_lock("one", lease_seconds=30.0, sleep=pause)
    await lock.acquire()
    with pytest.raises(asyncio.CancelledError):
        await lock.keep()
    assert pauses == [10.0, 10.0, 10.0]
    assert await redis.pttl(KEY) > 20_000


async def test_keeping_a_lock_that_another_took_is_a_conflict(
    make_redis_lock: MakeRedisLock, redis: Redis
) -> None:
    async def pause(seconds: float) -> None:
        await redis.set(KEY, "two")

    lock = make_redis_lock("one", sleep=pause)
    await lock.acquire()
    with pytest.raises(ConflictError, match="another process"):
        await lock.keep()


async def test_keeping_gives_up_before_the_lease_ends_when_the_server_stays_away(
    make_redis_lock: MakeRedisLock, tmp_path: Path
) -> None:
    clock = ManualClock()
    lock = make_redis_lock(
        "one", url=f"unix://{tmp_path}/s", clock=clock, lease_seconds=30.0, sleep=clock.sleep
    )
    with pytest.raises(StorageUnavailableError):
        await lock.keep()
    assert clock.monotonic() == 20.0
