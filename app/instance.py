"""One process per database: takes the lock at start, refuses where another one holds it."""

import os
import socket
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import structlog

from app.clock import ExchangeClock
from app.settings.sections import StorageSettings
from db.engine import is_sqlite, parse_database_url
from db.instance_lock import (
    FileInstanceLock,
    PostgresInstanceLock,
    RedisInstanceLock,
    lock_scope,
)
from domain.errors import ConfigurationError
from engine.ports.cache import InstanceLock

_log = structlog.get_logger(__name__)


class InstanceGuard:
    """A locked file beside an SQLite database, and a lease in Redis where there is one.

    PostgreSQL without Redis keeps the lock itself. `keep` watches over a lock that can be lost and
    has to run; None where there is nothing to watch.
    """

    def __init__(self, settings: StorageSettings, clock: ExchangeClock) -> None:
        self.keep: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._lease: RedisInstanceLock | None = None
        self._locks: list[InstanceLock] = []
        self._to_give_back = AsyncExitStack()
        database_url = settings.database_url.get_secret_value()
        url = parse_database_url(database_url)
        if is_sqlite(url):
            self._locks.append(FileInstanceLock(Path(f"{url.database}.lock")))
        if settings.redis_url is not None:
            self._add_lease(settings.redis_url.get_secret_value(), database_url, clock)
        elif not is_sqlite(url):
            self._add_session(database_url)

    async def acquire(self) -> None:
        """Raises `ConfigurationError` when another process is at work.

        The lease of a process that stopped without a word may have to run out first.
        """
        for lock in self._locks:
            self._to_give_back.push_async_callback(lock.release)
            if not await lock.acquire() and not await self._outwait(lock):
                raise ConfigurationError(
                    "another Quorum works on this database already; stop it first, or give this "
                    "one a DATABASE_URL of its own"
                )

    async def release(self) -> None:
        """Give every lock back."""
        await self._to_give_back.aclose()

    async def _outwait(self, lock: InstanceLock) -> bool:
        if lock is not self._lease:
            return False
        _log.info("waiting for the lease of a stopped process")
        return await self._lease.outwait()

    def _add_lease(self, redis_url: str, database_url: str, clock: ExchangeClock) -> None:
        self._lease = RedisInstanceLock(
            redis_url,
            scope=lock_scope(database_url),
            owner=f"{socket.gethostname()}:{os.getpid()}",
            clock=clock,
        )
        self._to_give_back.push_async_callback(self._lease.close)
        self._locks.append(self._lease)
        self.keep = self._lease.keep

    def _add_session(self, database_url: str) -> None:
        session = PostgresInstanceLock(database_url)
        self._locks.append(session)
        self.keep = session.keep
