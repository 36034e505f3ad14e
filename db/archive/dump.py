"""From a database into an archive, all of it as it was at one instant. Others go on writing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, Table, func, inspect, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.archive.kinds import kind_of
from db.archive.manifest import FORMAT, Manifest, RecordHead, StoredTable
from db.archive.reader import Advance
from db.archive.writer import ArchiveWriter
from db.engine import is_sqlite
from db.errors import translated_errors
from db.migrate import find_state
from db.tables import ledger, metadata
from domain.errors import ConfigurationError

_ROWS_AT_ONCE: Final = 500

Columns = Sequence[Column[Any]]


class Snapshot:
    """The database at one instant, its tables with those columns that it has at its revision."""

    def __init__(
        self, connection: AsyncConnection, revision: str, tables: dict[Table, Columns]
    ) -> None:
        self._connection = connection
        self._revision = revision
        self._tables = tables

    async def count_rows(self) -> int:
        """How much there is to write."""
        counts = [select(func.count()).select_from(table) for table in self._tables]
        return sum([(await self._ask(count))[0][0] for count in counts])

    async def write(
        self, writer: ArchiveWriter, *, at: datetime, version: str, advance: Advance
    ) -> Manifest:
        """Write all rows and the manifest, which says `at` and by which `version`.

        What goes wrong with the writer's file passes unchanged: it is not the database's.
        """
        tables = [
            await self._write_table(writer, table, columns, advance)
            for table, columns in self._tables.items()
        ]
        with translated_errors(self._connection.engine.url):
            head = await find_head(self._connection)
        manifest = Manifest(
            format=FORMAT,
            made_at=at,
            version=version,
            database=self._connection.dialect.name,
            revision=self._revision,
            head=head,
            tables=tuple(tables),
        )
        writer.close(manifest)
        return manifest

    async def _write_table(
        self, writer: ArchiveWriter, table: Table, columns: Columns, advance: Advance
    ) -> StoredTable:
        writer.begin([(str(column.name), kind_of(column)) for column in columns])
        async for rows in self._pages(table, columns):
            writer.add(rows)
            advance(len(rows))
        return writer.end(str(table.name))

    async def _pages(self, table: Table, columns: Columns) -> AsyncIterator[Sequence[Any]]:
        keys = list(table.primary_key.columns)
        first = select(*columns).order_by(*keys).limit(_ROWS_AT_ONCE)
        rows = await self._ask(first)
        while rows:
            yield rows
            last = [literal(getattr(rows[-1], key.name), key.type) for key in keys]
            following = first.where(tuple_(*keys) > tuple_(*last))
            rows = await self._ask(following)

    async def _ask(self, question: Select[Any]) -> Sequence[Any]:
        with translated_errors(self._connection.engine.url):
            rows: Sequence[Any] = (await self._connection.execute(question)).all()
        return rows


@asynccontextmanager
async def opened_snapshot(engine: AsyncEngine) -> AsyncIterator[Snapshot]:
    """What is in the database now, as long as the block runs. Locks nobody out.

    Raises `StorageUnavailableError`, and `ConfigurationError` for a database that is empty, or that
    this version does not know.
    """
    async with _opened_connection(engine) as connection:
        with translated_errors(engine.url):
            await _begin_reading(connection)
            revision, tables = await connection.run_sync(_find_tables)
        yield Snapshot(connection, revision, tables)


@asynccontextmanager
async def _opened_connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Errors of opening and closing it are the database's; those of the block are its own."""
    connection = engine.connect()
    with translated_errors(engine.url):
        await connection.start()
    try:
        yield connection
    finally:
        with translated_errors(engine.url):
            await connection.close()


async def _begin_reading(connection: AsyncConnection) -> None:
    if is_sqlite(connection.engine.url):
        await connection.exec_driver_sql("BEGIN")
    else:
        await connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )


async def find_head(connection: AsyncConnection) -> RecordHead:
    """The end of the record."""
    newest = select(ledger.c.sequence, ledger.c.hash).order_by(ledger.c.sequence.desc()).limit(1)
    row = (await connection.execute(newest)).one_or_none()
    return RecordHead() if row is None else RecordHead(entries=row.sequence, hash=row.hash)


def _find_tables(connection: Connection) -> tuple[str, dict[Table, Columns]]:
    state = find_state(connection)
    if state.current is None:
        raise ConfigurationError(
            "there is nothing to back up: the database has no tables yet. Let the bot run first, "
            "or name its database in DATABASE_URL"
        )
    if state.is_newer:
        raise ConfigurationError(
            f"the database is from a newer version (migration {state.current}, this one knows "
            f"{state.head}); back it up with that version"
        )
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    return state.current, {table: _columns_there(inspector, table) for table in tables}


def _columns_there(inspector: Any, table: Table) -> Columns:
    there = {column["name"] for column in inspector.get_columns(table.name)}
    unknown = there - set(table.c.keys())
    if unknown:
        raise ConfigurationError(
            f"table {table.name} has columns that this version does not know "
            f"({', '.join(sorted(unknown))}); back it up with the version that made them"
        )
    return [column for column in table.c if column.name in there]
