"""From an archive into a database of either kind: one transaction, all or nothing."""

from typing import Final

from sqlalchemy import Connection, Table, column, func, insert, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.archive.dump import find_head
from db.archive.kinds import stored_type
from db.archive.manifest import Manifest, StoredTable
from db.archive.reader import Advance, ArchiveReader
from db.engine import begin_writing, is_sqlite
from db.errors import translated_errors
from db.migrate import known_revisions, upgrade_within
from db.tables import metadata
from domain.errors import ConfigurationError, InvalidDataError

_POSTGRESQL: Final = "postgresql"
_LEDGER_FUNCTION: Final = "refuse_ledger_change()"


async def holds_rows(engine: AsyncEngine) -> bool:
    """Whether any table of ours holds a row. Raises `StorageUnavailableError`."""
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            return await connection.run_sync(_holds_rows)


async def load(engine: AsyncEngine, archive: ArchiveReader, advance: Advance) -> None:
    """Put the archive's rows in place of everything that is there, then migrate to the newest form.

    The tables are made as they were when the archive was written. Raises `ConfigurationError` for
    an archive from a newer version, `StorageUnavailableError` and `InvalidDataError`; whatever it
    raises, and however the process ends, the database is as it was before.
    """
    manifest = archive.manifest
    if manifest.revision not in known_revisions():
        raise ConfigurationError(
            f"the backup is from a newer version ({manifest.version}, migration "
            f"{manifest.revision}); update Quorum, then restore it"
        )
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            await begin_writing(connection)
            await connection.run_sync(_clear)
            await connection.run_sync(upgrade_within, manifest.revision)
            for stored in manifest.tables:
                await _fill(connection, archive, stored, advance)
            await _compare(connection, manifest)
            await connection.run_sync(upgrade_within)
            await connection.commit()
            await _shorten_log(connection)


async def _fill(
    connection: AsyncConnection, archive: ArchiveReader, stored: StoredTable, advance: Advance
) -> None:
    columns = (column(name, stored_type(kind)) for name, kind in stored.columns)
    statement = insert(table(stored.name, *columns))
    for rows in archive.batches(stored):
        await connection.execute(statement, rows)
        advance(len(rows))
    if connection.dialect.name == _POSTGRESQL:
        await _count_on(connection, stored)


async def _count_on(connection: AsyncConnection, stored: StoredTable) -> None:
    """A key that PostgreSQL counts up goes on after those that were given."""
    for name, _ in stored.columns:
        counter = func.pg_get_serial_sequence(stored.name, name)
        newest = select(func.max(column(name))).select_from(table(stored.name)).scalar_subquery()
        if (await connection.execute(select(counter))).scalar_one() is not None:
            await connection.execute(select(func.setval(counter, func.coalesce(newest, 1))))


async def _compare(connection: AsyncConnection, manifest: Manifest) -> None:
    for stored in manifest.tables:
        count = select(func.count()).select_from(table(stored.name))
        rows = (await connection.execute(count)).scalar_one()
        if rows != stored.rows:
            raise InvalidDataError(
                f"{rows} rows of {stored.name} arrived instead of {stored.rows}; nothing was "
                "restored"
            )
    head = await find_head(connection)
    if head != manifest.head:
        raise InvalidDataError(
            f"the restored record ends at {head} instead of {manifest.head}; nothing was restored"
        )


async def _shorten_log(connection: AsyncConnection) -> None:
    if is_sqlite(connection.engine.url):
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _holds_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(each).limit(1)).first() is not None
        for each in _tables_there(connection)
    )


def _tables_there(connection: Connection) -> list[Table]:
    there = set(inspect(connection).get_table_names())
    return [each for each in metadata.sorted_tables if each.name in there]


def _clear(connection: Connection) -> None:
    metadata.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    if connection.dialect.name == _POSTGRESQL:
        connection.execute(text(f"DROP FUNCTION IF EXISTS {_LEDGER_FUNCTION}"))
