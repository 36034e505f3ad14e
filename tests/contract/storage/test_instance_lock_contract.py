"""The lock of the single instance, on a file and on a real server."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import column, func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from db.engine import parse_database_url
from db.instance_lock import (
    FileInstanceLock,
    PostgresInstanceLock,
    RedisInstanceLock,
    lock_scope,
)
from db.lock_session import NAME
from domain.errors import ConfigurationError, ConflictError, StorageUnavailableError
from engine.ports.cache import InstanceLock
from tests.contract.storage.manual_clock import ManualClock
from tests.e2e.door import Door
from tests.servers.postgres import place_of, reached_through

SCOPE = "a database"
KEY = f"quorum:instance:{SCOPE}"
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
        given = {"clock": ManualClock(), "scope": SCOPE, **details}
        made.append(RedisInstanceLock(url, owner=owner, **given))  # type: ignore[arg-type] # passed on as given
        return made[-1]

    yield make
    for lock in made:
        await lock.close()


@pytest.fixture(params=["file", "redis", "postgresql"])
async def make_lock(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    make_redis_lock: MakeRedisLock,
    postgres_url: str,
) -> AsyncIterator[MakeLock]:
    """Makes locks of several owners on one thing."""
    makers: dict[str, MakeLock] = {
        "file": lambda _: FileInstanceLock(tmp_path / "var/lock"),
        "redis": make_redis_lock,
        "postgresql": lambda _: PostgresInstanceLock(postgres_url),
    }
    made: list[InstanceLock] = []

    def make(owner: str) -> InstanceLock:
        made.append(makers[request.param](owner))
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


def test_a_lock_file_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(ConfigurationError, match=f"{tmp_path}/var/lock"):
        asyncio.run(FileInstanceLock(tmp_path / "var/lock").acquire())


async def test_databases_that_share_a_redis_have_locks_of_their_own(
    make_redis_lock: MakeRedisLock,
) -> None:
    assert await make_redis_lock("one", scope="this database").acquire()
    assert await make_redis_lock("two", scope="that database").acquire()


def test_a_new_password_leaves_the_scope_of_a_lock_as_it_was() -> None:
    here = lock_scope("postgresql://quorum:secret@db/quorum")
    assert here == lock_scope("postgresql://quorum:changed@db/quorum")
    assert here == lock_scope("postgres://quorum:changed@db/quorum")
    assert here != lock_scope("postgresql://quorum:secret@db/another")


async def test_a_lease_that_nobody_renews_is_waited_for(make_redis_lock: MakeRedisLock) -> None:
    crashed = make_redis_lock("crashed", lease_seconds=0.2)
    waiting = make_redis_lock("waiting", sleep=_shortly)
    assert await crashed.acquire()
    assert not await waiting.acquire()
    async with asyncio.timeout(10):
        assert await waiting.outwait()


async def test_a_lease_that_is_renewed_is_not_waited_for(make_redis_lock: MakeRedisLock) -> None:
    alive = make_redis_lock("alive", lease_seconds=30.0)

    async def renewed_meanwhile(_: float) -> None:
        await asyncio.sleep(0.01)
        await alive.acquire()

    waiting = make_redis_lock("waiting", sleep=renewed_meanwhile)
    await alive.acquire()
    await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        assert not await waiting.outwait()


async def _shortly(_: float) -> None:
    await asyncio.sleep(0.01)


async def test_a_killed_process_gives_its_lock_on_postgresql_back(postgres_url: str) -> None:
    one, two = PostgresInstanceLock(postgres_url), PostgresInstanceLock(postgres_url)
    assert await one.acquire()
    assert not await two.acquire()
    await _cut_holders(postgres_url)
    async with asyncio.timeout(10):
        while not await two.acquire():  # noqa: ASYNC110 - the server tells nobody of its clean-up
            await asyncio.sleep(0.01)
    for lock in (one, two):
        await lock.release()


async def test_a_lock_on_postgresql_lost_with_its_connection_is_taken_again(
    postgres_url: str,
) -> None:
    pauses: list[float] = []

    async def cut_then_stop(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise asyncio.CancelledError
        await _cut_holders(postgres_url)

    lock, other = (
        PostgresInstanceLock(postgres_url, sleep=cut_then_stop),
        PostgresInstanceLock(postgres_url),
    )
    assert await lock.acquire()
    with pytest.raises(asyncio.CancelledError):
        await lock.keep()
    assert not await other.acquire()
    for each in (lock, other):
        await each.release()


async def test_keeping_a_lock_on_postgresql_that_another_took_is_a_conflict(
    postgres_url: str,
) -> None:
    thief = PostgresInstanceLock(postgres_url)

    async def lose_it(_: float) -> None:
        await _cut_holders(postgres_url)
        async with asyncio.timeout(10):
            while not await thief.acquire():  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)

    lock = PostgresInstanceLock(postgres_url, sleep=lose_it)
    assert await lock.acquire()
    with pytest.raises(ConflictError, match="another process"):
        await lock.keep()
    for each in (lock, thief):
        await each.release()


async def test_operators_see_which_session_holds_the_lock(postgres_url: str) -> None:
    lock = PostgresInstanceLock(postgres_url)
    assert await lock.acquire()
    engine = create_async_engine(parse_database_url(postgres_url))
    async with engine.connect() as connection:
        named = select(func.count()).select_from(text("pg_stat_activity"))
        named = named.where(column("application_name") == NAME)
        assert await connection.scalar(named) == 1
    await engine.dispose()
    await lock.release()


async def test_a_lock_whose_connection_has_fallen_silent_is_taken_from_its_own_old_session(
    postgres_url: str,
) -> None:
    async with Door() as door:
        await door.open(place_of(postgres_url))
        pauses: list[float] = []

        async def fall_silent_then_stop(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                raise asyncio.CancelledError
            door.fall_silent()

        lock = PostgresInstanceLock(
            reached_through(door.address, postgres_url),
            sleep=fall_silent_then_stop,
            answer_seconds=0.3,
        )
        other = PostgresInstanceLock(postgres_url)
        assert await lock.acquire()
        with pytest.raises(asyncio.CancelledError):
            await lock.keep()
        assert not await other.acquire()
        await lock.release()
        assert await other.acquire()
        await other.release()


async def test_a_lock_whose_connection_fell_silent_is_left_to_who_holds_it_by_now(
    postgres_url: str,
) -> None:
    async with Door() as door:
        await door.open(place_of(postgres_url))
        thief = PostgresInstanceLock(postgres_url)

        async def lose_it(_: float) -> None:
            door.fall_silent()
            await _cut_holders(postgres_url)
            async with asyncio.timeout(10):
                while not await thief.acquire():  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.01)

        lock = PostgresInstanceLock(
            reached_through(door.address, postgres_url), sleep=lose_it, answer_seconds=0.3
        )
        assert await lock.acquire()
        with pytest.raises(ConflictError, match="another process"):
            await lock.keep()
        late = PostgresInstanceLock(postgres_url)
        assert not await late.acquire(), "the session of who holds it was ended"
        for each in (lock, thief, late):
            await each.release()


async def test_a_lock_is_given_back_though_its_keeping_was_cancelled_while_it_asked(
    postgres_url: str,
) -> None:
    async with Door() as door:
        await door.open(place_of(postgres_url))
        is_asking = asyncio.Event()

        async def then_ask(_: float) -> None:
            door.fall_silent()
            is_asking.set()

        lock = PostgresInstanceLock(reached_through(door.address, postgres_url), sleep=then_ask)
        assert await lock.acquire()
        keeping = asyncio.create_task(lock.keep())
        await is_asking.wait()
        await asyncio.sleep(0.05)
        keeping.cancel()
        await asyncio.wait([keeping])
        await lock.release()
        await _cut_holders(postgres_url)


async def test_a_lock_on_a_postgresql_that_is_away_can_not_be_taken() -> None:
    lock = PostgresInstanceLock("postgresql://quorum@127.0.0.1:1/quorum")
    with pytest.raises(StorageUnavailableError):
        await lock.acquire()
    await lock.release()


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


async def test_a_server_that_is_away_at_the_start_refuses_nobody_and_is_noted(
    make_redis_lock: MakeRedisLock, tmp_path: Path
) -> None:
    lock = make_redis_lock("one", url=f"unix://{tmp_path}/s")
    assert await lock.hold()
    assert lock.lost_at is not None
    assert str(tmp_path) in str(lock.error)
    await lock.release()


async def test_a_lease_lost_with_its_server_is_taken_again(
    make_redis_lock: MakeRedisLock, redis: Redis, redis_url: str
) -> None:
    async with Door() as door:
        target = redis_url.removeprefix("unix://")
        await door.open(target)
        seen: list[bool] = []

        async def pause(_: float) -> None:
            seen.append(lock.lost_at is None)
            if len(seen) == 1:
                await door.shut()
                await redis.delete(KEY)
            elif len(seen) == 2:
                await door.open(target)
            else:
                raise asyncio.CancelledError

        lock = make_redis_lock("one", url=f"redis://{door.address}", sleep=pause)
        assert await lock.hold()
        with pytest.raises(asyncio.CancelledError):
            await lock.keep()
        assert seen == [True, False, True]
        assert await redis.get(KEY) == b"one"


async def test_a_lease_that_somebody_else_renews_when_the_server_is_back_is_a_conflict(
    make_redis_lock: MakeRedisLock, redis_url: str
) -> None:
    async with Door() as door:
        thief = make_redis_lock("thief")
        pauses: list[float] = []

        async def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 1:
                await door.open(redis_url.removeprefix("unix://"))
            assert await thief.acquire()

        lock = make_redis_lock("one", url=f"redis://{door.address}", sleep=pause)
        assert await lock.hold()
        with pytest.raises(ConflictError, match="another process"):
            await lock.keep()


async def test_a_lease_that_can_not_be_given_back_is_left_to_run_out(
    make_redis_lock: MakeRedisLock, redis_url: str
) -> None:
    async with Door() as door:
        await door.open(redis_url.removeprefix("unix://"))
        lock = make_redis_lock("one", url=f"redis://{door.address}")
        assert await lock.hold()
        await door.shut()
        await lock.release()
