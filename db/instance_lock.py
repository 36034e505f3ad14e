"""The lock of the one process that may work on a database: on a file, in PostgreSQL or Redis."""

import asyncio
import fcntl
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.advisory_locks import INSTANCE
from db.engine import create_database_engine, is_sqlite, parse_database_url
from db.errors import translated_errors
from db.lock_session import SOON_GIVEN_UP, LockSession, configure, end_holder, find_session
from db.redis_client import open_redis, translated_redis_errors
from domain.errors import ConfigurationError, ConflictError, StorageUnavailableError
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)

_KEY: Final = "quorum:instance"
_SCOPE_DIGITS: Final = 12
_CONNECTION_CHECK_SECONDS: Final = 1.0
"""How long another process can be at work at most before this one knows that its lock is lost."""

_ANSWER_SECONDS: Final = 5.0
"""A session that does not answer for so long is taken for lost. The server gives one up that is cut
off after 25 s, so this process is back before anybody else can have the lock."""

_LEASE_CHECK_SECONDS: Final = 1.0

# Takes a free lock, and renews one's own. Once for both, so that a command that the client repeats
# after losing the answer finds its own success instead of a stranger.
_TAKE: Final = """
local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_GIVE_BACK: Final = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


def lock_scope(database_url: str) -> str:
    """A short name of a database that holds no secret and outlives a change of the password."""
    url = parse_database_url(database_url)
    name = str(Path(str(url.database)).resolve()) if is_sqlite(url) else url.database
    place = (
        url.get_backend_name(),
        url.username,
        url.host,
        url.port,
        name,
        sorted(url.query.items()),
    )
    return sha256(repr(place).encode()).hexdigest()[:_SCOPE_DIGITS]


class FileInstanceLock:
    """For one machine. The kernel releases it however the process ends, kill -9 included."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    async def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it. Makes the file and its folder."""
        if self._file is not None:
            return True
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    async def release(self) -> None:
        """Give it back. The file stays: removing it would let two processes lock two files."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"the lock file {self._path} can't be made: {error.strerror}; give this user the "
                "right to write there, or name another place in DATABASE_URL"
            ) from error


class PostgresInstanceLock:
    """For several machines on one PostgreSQL: an advisory lock of a connection held open.

    The server releases it with the connection, however that ends; one that is cut without a word
    it gives up after half a minute at most (`SOON_GIVEN_UP`). A pooler between must leave a session
    its connection ("session pooling").
    """

    def __init__(
        self,
        database_url: str,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        answer_seconds: float = _ANSWER_SECONDS,
    ) -> None:
        self._engine = create_database_engine(database_url).execution_options(
            isolation_level="AUTOCOMMIT"
        )
        self._sleep = sleep
        self._answer_seconds = answer_seconds
        self._connection: AsyncConnection | None = None
        self._session: LockSession | None = None

    async def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it. Raises `StorageUnavailableError`.

        An earlier session of this very lock, whose connection is lost while the server does not
        know it yet, is nobody else.
        """
        if self._connection is not None:
            return True
        with translated_errors(self._engine.url):
            async with AsyncExitStack() as stack:
                connection = await stack.enter_async_context(self._engine.connect())
                if not await self._take(connection):
                    return False
                self._session = await find_session(connection)
                stack.pop_all()
                self._connection = connection
        return True

    async def release(self) -> None:
        """Give it back. The lock of a connection that is lost is free already, or soon will be."""
        try:
            await self._answers(func.pg_advisory_unlock(INSTANCE))
            await self._leave_connection()
        finally:
            self._session = None
            await self._engine.dispose()

    async def keep(self) -> None:
        """Watch the connection and take the lock again after a loss, until cancelled.

        Whoever runs this must stop working when it raises `ConflictError`: somebody else was
        faster. While the database is away nobody can work on it, so that is waited out.
        """
        while True:
            await self._sleep(_CONNECTION_CHECK_SECONDS)
            if not await self._is_still_ours():
                raise ConflictError(
                    "another process has taken the lock in PostgreSQL after this one lost its "
                    "connection; only one may work on a database"
                )

    async def _take(self, connection: AsyncConnection) -> bool:
        await configure(connection, SOON_GIVEN_UP)
        if await self._try(connection):
            return True
        if self._session is None or not await end_holder(connection, self._session):
            return False
        _log.warning("the lock's old session, cut off without a word, was ended")
        return await self._try(connection)

    async def _try(self, connection: AsyncConnection) -> bool:
        return bool(await connection.scalar(select(func.pg_try_advisory_lock(INSTANCE))))

    async def _is_still_ours(self) -> bool:
        if await self._answers(literal(1)):
            return True
        try:
            return await self.acquire()
        except StorageUnavailableError:
            return True

    async def _answers(self, question: ColumnElement[Any]) -> bool:
        # Whoever was cancelled in the middle of a question has left no connection to ask over.
        if self._connection is None or self._connection.invalidated:
            await self._leave_connection()
            return False
        try:
            with translated_errors(self._engine.url):
                async with asyncio.timeout(self._answer_seconds):
                    await self._connection.execute(select(question))
        except StorageUnavailableError:
            # Given back as it is, it would be handed out as the new one.
            await self._connection.invalidate()
            await self._leave_connection()
            return False
        return True

    async def _leave_connection(self) -> None:
        left, self._connection = self._connection, None
        if left is not None:
            await left.close()


class RedisInstanceLock:
    """For several machines: a lease in Redis, to be renewed by `keep` while the process works.

    It comes on top of the database's own lock and may be lost: while Redis is away the process
    works on, and `lost_at` and `error` tell since when and why. `scope` names the database
    (`lock_scope`), for several may share a Redis. `owner` names this process and no other;
    `lease_seconds` are wall seconds after which a silent owner has lost the lock.
    """

    def __init__(
        self,
        url: str,
        *,
        scope: str,
        owner: str,
        clock: Clock,
        lease_seconds: float = 30.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._redis = open_redis(url)
        self._key = f"{_KEY}:{scope}"
        self._owner = owner
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._sleep = sleep
        self._is_held = False
        self.lost_at: datetime | None = None
        self.error: str | None = None

    async def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it. Raises `StorageUnavailableError`."""
        lease = round(self._lease_seconds * 1000)
        with translated_redis_errors(self._url):
            is_ours = bool(await self._redis.eval(_TAKE, 1, self._key, self._owner, lease))
        if is_ours:
            self._note_hold()
        return is_ours

    async def hold(self) -> bool:
        """Take the lease, or renew it; False when another process is at work.

        Whoever has had no lease before waits for that of a holder who has stopped. A Redis that
        does not answer is noted in `error` and refuses nobody.
        """
        try:
            return await self.acquire() or (not self._is_held and await self.outwait())
        except StorageUnavailableError as error:
            self._note_loss(str(error))
            return True

    async def outwait(self) -> bool:
        """Take the lock once the lease of a holder that has stopped runs out.

        False as soon as the holder renews it: so one is at work. Raises `StorageUnavailableError`.
        """
        _log.info("waiting for the lease of a stopped process")
        left = await self._find_milliseconds_left()
        while True:
            await self._sleep(_LEASE_CHECK_SECONDS)
            if await self.acquire():
                return True
            left_before, left = left, await self._find_milliseconds_left()
            if left >= left_before:
                return False

    async def release(self) -> None:
        """Give it back, unless it is somebody else's by now; one that cannot be runs out."""
        try:
            with translated_redis_errors(self._url):
                await self._redis.eval(_GIVE_BACK, 1, self._key, self._owner)
        except StorageUnavailableError as error:
            _log.warning("the lease is not given back and has to run out: %s", error)
        self._is_held = False

    async def keep(self) -> None:
        """Renew the lease three times as often as needed, and take it again after a loss.

        Runs until cancelled. Whoever runs this must stop working when it raises `ConflictError`:
        somebody else holds the lock.
        """
        while True:
            await self._sleep(self._lease_seconds / 3)
            if not await self.hold():
                raise ConflictError(
                    f"another process has taken the lock {self._key!r} in Redis; only one may work "
                    "on a database"
                )

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def _find_milliseconds_left(self) -> int:
        with translated_redis_errors(self._url):
            return int(await self._redis.pttl(self._key))

    def _note_loss(self, error: str) -> None:
        if self.lost_at is None:
            _log.warning("no lease in Redis, the database's own lock alone is held: %s", error)
            self.lost_at = self._clock.now()
        self.error = error
        self._is_held = False

    def _note_hold(self) -> None:
        if self.lost_at is not None:
            _log.info("Redis answers again, its lease is held")
        self.lost_at = self.error = None
        self._is_held = True
