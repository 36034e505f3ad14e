"""One database transaction, for the repositories of one unit of work."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Any

from sqlalchemy import CursorResult, Executable, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import SQLITE, begin_writing
from db.errors import translated_errors
from domain.errors import ConflictError, StorageUnavailableError

WRITER_PATIENCE_SECONDS = 30.0
"""How long a unit of work waits for another one of this process to finish writing."""


class Transaction:
    """Reads see what is committed; the first write opens the transaction.

    On SQLite, which has a single writer, units of work queue for `writers` in order of arrival and
    then take the database's own write lock; units that only read hold neither and never wait. The
    queue is fair and wakes at once, where SQLite's busy timeout polls; the busy timeout remains
    for other processes. Both databases behave as "read committed" in this way.
    """

    def __init__(self, engine: AsyncEngine, writers: asyncio.Lock) -> None:
        self._engine = engine
        self._writers = writers
        self._resources = AsyncExitStack()
        self._connection: AsyncConnection | None = None
        self._is_writing = False
        self._is_spoiled = False

    async def open(self) -> None:
        """Take a connection. Raises `StorageUnavailableError`."""
        with translated_errors(self._engine.url):
            self._connection = await self._resources.enter_async_context(self._engine.connect())

    async def close(self) -> None:
        """Roll back what is not committed and give the connection back."""
        try:
            await self._resources.aclose()
        finally:
            self._connection = None
            self._end_writing()

    async def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a Core statement, once or for every row.

        Raises `ConflictError` and `StorageUnavailableError`; after either nothing of this
        transaction can be committed any more.
        """
        with self._spoiled_by_errors():
            if statement.is_dml:
                await self._begin_writing()
            return await self._opened.execute(statement, rows)

    async def wait_for_turn(self, advisory_lock: int) -> None:
        """Hold back every other unit that waits for the same turn, until this one ends.

        On PostgreSQL that is an advisory lock, on SQLite the only write lock there is. Raises as
        `execute` does.
        """
        with self._spoiled_by_errors():
            if self._engine.dialect.name == SQLITE:
                await self._begin_writing()
            else:
                await self._opened.execute(select(func.pg_advisory_xact_lock(advisory_lock)))

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that can be told what to do about a key that is taken."""
        is_sqlite = self._engine.dialect.name == SQLITE
        return sqlite.insert(table) if is_sqlite else postgresql.insert(table)

    async def commit(self) -> None:
        """Make everything done so far permanent.

        Raises `ConflictError` when a statement has failed before: PostgreSQL would answer such a
        commit with a silent roll-back.
        """
        if self._is_spoiled:
            raise ConflictError(
                "a statement of this unit of work failed, so nothing of it is kept; open a new one"
            )
        with translated_errors(self._engine.url):
            await self._opened.commit()
        self._end_writing()

    @contextmanager
    def _spoiled_by_errors(self) -> Iterator[None]:
        with translated_errors(self._engine.url):
            try:
                yield
            except BaseException:
                self._is_spoiled = True
                raise

    @property
    def _opened(self) -> AsyncConnection:
        if self._connection is None:
            raise RuntimeError("the unit of work is not open: use it inside `async with`")
        return self._connection

    async def _begin_writing(self) -> None:
        if self._is_writing or self._engine.dialect.name != SQLITE:
            return
        await self._queue_for_writing()
        self._is_writing = True
        await begin_writing(self._opened)

    async def _queue_for_writing(self) -> None:
        try:
            async with asyncio.timeout(WRITER_PATIENCE_SECONDS):
                await self._writers.acquire()
        except TimeoutError as error:
            raise StorageUnavailableError(
                "another unit of work has been writing to the SQLite database for "
                f"{WRITER_PATIENCE_SECONDS:.0f} s; is one opened inside another?"
            ) from error

    def _end_writing(self) -> None:
        if self._is_writing:
            self._is_writing = False
            self._writers.release()
