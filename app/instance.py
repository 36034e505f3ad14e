"""One process per database: takes the lock at start, refuses where another one holds it."""

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

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

_TAKEN = (
    "another Quorum works on this database already; stop it first, or give this one a DATABASE_URL "
    "of its own"
)
_SOON_FREE = (
    ". If it has died with its machine or its network, PostgreSQL frees its lock within half a "
    "minute: start this one again then"
)

Keeper = Callable[[], Coroutine[Any, Any, None]]
"""Watches over a lock that can be lost; raises `ConflictError` when somebody else has it."""


class InstanceGuard:
    """The database's own lock, always, and on top of it a lease in Redis where there is one.

    A Redis that is away takes the lease alone: two processes are kept apart by the database's lock,
    a locked file beside an SQLite database or an advisory lock in PostgreSQL. `keep` watches over
    what can be lost and has to run; None where there is nothing to watch.
    """

    def __init__(self, settings: StorageSettings, clock: ExchangeClock) -> None:
        self._lease: RedisInstanceLock | None = None
        self._keepers: list[Keeper] = []
        self._to_give_back = AsyncExitStack()
        self._taken = _TAKEN
        database_url = settings.database_url.get_secret_value()
        self._lock = self._database_lock(database_url)
        if settings.redis_url is not None:
            self._add_lease(settings.redis_url.get_secret_value(), database_url, clock)

    @property
    def keep(self) -> Keeper | None:
        """What has to run while the process works."""
        return self._keep_all if self._keepers else None

    def notes(self) -> list[str]:
        """What operators should know: that Redis is away, and what that means."""
        if self._lease is None or self._lease.lost_at is None:
            return []
        away = f"Redis is away since {self._lease.lost_at:%H:%M} UTC ({self._lease.error})"
        return [f"{away}; the database's own lock is held, caches live in the process"]

    async def acquire(self) -> None:
        """Raises `ConfigurationError` when another process is at work.

        The lease of a process that stopped without a word may have to run out first.
        """
        self._to_give_back.push_async_callback(self._lock.release)
        if not await self._lock.acquire():
            raise ConfigurationError(self._taken)
        if self._lease is None:
            return
        self._to_give_back.push_async_callback(self._lease.release)
        if not await self._lease.hold():
            raise ConfigurationError(_TAKEN)

    async def release(self) -> None:
        """Give every lock back."""
        await self._to_give_back.aclose()

    async def _keep_all(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for keep in self._keepers:
                    group.create_task(keep())
        except ExceptionGroup as failed:
            # One is enough to end the process, and its words are for people.
            raise failed.exceptions[0] from None

    def _database_lock(self, database_url: str) -> InstanceLock:
        url = parse_database_url(database_url)
        if is_sqlite(url):
            return FileInstanceLock(Path(f"{url.database}.lock"))
        self._taken += _SOON_FREE
        session = PostgresInstanceLock(database_url)
        self._keepers.append(session.keep)
        return session

    def _add_lease(self, redis_url: str, database_url: str, clock: ExchangeClock) -> None:
        self._lease = RedisInstanceLock(
            redis_url,
            scope=lock_scope(database_url),
            owner=f"{socket.gethostname()}:{os.getpid()}",
            clock=clock,
        )
        self._to_give_back.push_async_callback(self._lease.close)
        self._keepers.append(self._lease.keep)
