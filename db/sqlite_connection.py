"""SQLite's connections for SQLAlchemy: one change of threads per statement instead of four.

A unit of work holds the only write lock while it waits for its thread, and on a busy interpreter
each change of threads waits for up to the switch interval of 5 ms.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from aiosqlite import Connection

_ROWS_AT_ONCE: Final = 64

_STATEMENTS_KEPT: Final = 32
"""Parsed ones, some ten kilobytes each: more than one unit of work has, fewer than there are."""


class _Outcome(NamedTuple):
    description: Any
    rowcount: int
    lastrowid: int | None
    rows: list[Any]


_NOTHING: Final = _Outcome(None, -1, None, [])


class SqliteConnection(Connection):
    """A connection whose cursors open, execute, fetch and close in one go, in its own thread."""

    def __init__(self, file: Path, *, busy_seconds: float) -> None:
        # Without an isolation level nothing is begun behind our back: `begin_writing` does it, and
        # whoever only reads holds no lock and no old snapshot.
        connect = partial(
            sqlite3.connect,
            file,
            isolation_level=None,
            timeout=busy_seconds,
            cached_statements=_STATEMENTS_KEPT,
        )
        super().__init__(connect, _ROWS_AT_ONCE)
        # One that nobody closed must not keep the process from ending.
        self._thread.daemon = True

    def cursor(self) -> "SqliteCursor":  # type: ignore[override] # SQLAlchemy needs less of it
        """A cursor that costs nothing before it executes."""
        return SqliteCursor(self)

    async def carry_out(self, statement: Callable[[sqlite3.Cursor], object]) -> _Outcome:
        """Run a statement to its end."""
        return await self._execute(self._carry_out, statement)  # type: ignore[no-any-return, no-untyped-call] # aiosqlite's is untyped

    def _carry_out(self, statement: Callable[[sqlite3.Cursor], object]) -> _Outcome:
        cursor = self._conn.cursor()
        try:
            statement(cursor)
            rows = cursor.fetchall() if cursor.description else []
            return _Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
        finally:
            cursor.close()


class SqliteCursor:
    """What SQLAlchemy wants of a cursor; it holds rows, but nothing of the database."""

    arraysize = 1

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._outcome = _NOTHING

    @property
    def description(self) -> Any:
        """Names of the columns of the result, None without one."""
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The key of the row that was inserted last."""
        return self._outcome.lastrowid

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement once."""
        self._outcome = await self._connection.carry_out(
            lambda cursor: cursor.execute(operation, parameters)
        )

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run a statement for every row."""
        self._outcome = await self._connection.carry_out(
            lambda cursor: cursor.executemany(operation, parameters)
        )

    async def fetchall(self) -> list[Any]:
        """The rows of the result."""
        return self._outcome.rows

    async def close(self) -> None:
        """Nothing is open."""
