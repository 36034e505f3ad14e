"""The lock of the one process that may work on a database: on a file, or in Redis."""

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from db.redis_client import open_redis, translated_redis_errors
from domain.errors import ConflictError, StorageUnavailableError
from engine.ports.clock import Clock

_KEY: Final = "quorum:instance"

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


class FileInstanceLock:
    """For one machine. The kernel releases it however the process ends, kill -9 included."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    async def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it. Makes the file and its folder."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
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


class RedisInstanceLock:
    """For several machines: a lease in Redis, to be renewed by `keep` while the process works.

    `owner` names this process and no other; `lease_seconds` are wall seconds after which a silent
    owner has lost the lock.
    """

    def __init__(
        self,
        url: str,
        *,
        owner: str,
        clock: Clock,
        lease_seconds: float = 30.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._redis = open_redis(url)
        self._owner = owner
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._sleep = sleep
        self._renewed_at = clock.monotonic()

    async def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it. Raises `StorageUnavailableError`."""
        asked_at = self._clock.monotonic()
        lease = round(self._lease_seconds * 1000)
        with translated_redis_errors(self._url):
            is_ours = bool(await self._redis.eval(_TAKE, 1, _KEY, self._owner, lease))
        if is_ours:
            self._renewed_at = asked_at
        return is_ours

    async def release(self) -> None:
        """Give it back, unless it is somebody else's by now. Raises `StorageUnavailableError`."""
        with translated_redis_errors(self._url):
            await self._redis.eval(_GIVE_BACK, 1, _KEY, self._owner)

    async def keep(self) -> None:
        """Renew the lease three times as often as needed, until cancelled.

        Whoever runs this must stop working when it raises: `ConflictError` when somebody else
        holds the lock, `StorageUnavailableError` when Redis stays away and the lease would run out
        before the next attempt.
        """
        pause = self._lease_seconds / 3
        while True:
            await self._sleep(pause)
            if not await self._renew(pause):
                raise ConflictError(
                    f"another process has taken the lock {_KEY!r}; only one may work on a database"
                )

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def _renew(self, pause: float) -> bool:
        try:
            return await self.acquire()
        except StorageUnavailableError:
            lease_left = self._renewed_at + self._lease_seconds - self._clock.monotonic()
            if lease_left <= pause:
                raise
            return True
