"""One process per database: takes the lock at start, refuses where another one holds it."""

import os
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from app.clock import ExchangeClock
from app.settings.sections import StorageSettings
from db.engine import is_sqlite, parse_database_url
from db.instance_lock import FileInstanceLock, RedisInstanceLock
from domain.errors import ConfigurationError

_LOCK_FOLDER = Path("var")


class InstanceGuard:
    """A lease in Redis where there is one, else a locked file beside the database.

    `keep` renews the lease and has to run; None for a file.
    """

    def __init__(self, settings: StorageSettings, clock: ExchangeClock) -> None:
        self.keep: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._lease: RedisInstanceLock | None = None
        if settings.redis_url is not None:
            owner = f"{socket.gethostname()}:{os.getpid()}"
            url = settings.redis_url.get_secret_value()
            self._lease = RedisInstanceLock(url, owner=owner, clock=clock)
            self.keep = self._lease.keep
        self._file = FileInstanceLock(_lock_path(settings.database_url.get_secret_value()))

    async def acquire(self) -> None:
        """Raises `ConfigurationError` when another process is at work."""
        lock = self._lease or self._file
        if not await lock.acquire():
            raise ConfigurationError(
                "another Quorum works on this database already; stop it first, or give this one "
                "a DATABASE_URL of its own"
            )

    async def release(self) -> None:
        """Give the lock back."""
        if self._lease is None:
            await self._file.release()
            return
        await self._lease.release()
        await self._lease.close()


def _lock_path(database_url: str) -> Path:
    url = parse_database_url(database_url)
    if is_sqlite(url) and url.database:
        return Path(f"{url.database}.lock")
    return _LOCK_FOLDER / "quorum.lock"
