"""The job that keeps the database from growing without end."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from db.room import tidy
from engine.retention import PruneHistory

_log = structlog.get_logger(__name__)


class TidyDatabase:
    """To be run every few hours: deletes what is old, then returns room that is left over."""

    def __init__(
        self,
        prune: PruneHistory,
        engine: AsyncEngine,
        *,
        writers: asyncio.Lock,
        pause: Callable[[], Awaitable[None]],
    ) -> None:
        self._prune = prune
        self._engine = engine
        self._writers = writers
        self._pause = pause

    async def __call__(self) -> None:
        """Raises `StorageUnavailableError`."""
        pruned = await self._prune()
        returned = await tidy(self._engine, writers=self._writers, pause=self._pause)
        if pruned or returned:
            rows = {history.value: count for history, count in pruned.items()}
            _log.info("old rows deleted", **rows, bytes_returned=returned)
