"""The way to a database: which URLs are understood, and how a connection is set up."""

from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db.sqlite_connection import SqliteConnection
from domain.errors import ConfigurationError

SQLITE = "sqlite"

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_ALLOWED = "allowed are sqlite:///var/quorum.sqlite and postgresql://user:password@host/database"

_BUSY_SECONDS = 10
_SQLITE_CONNECTIONS = 15
# So many stay open, because opening one costs more than most units of work; more are for the
# moment only, because each keeps a thread, its pages and its statements.
_SQLITE_CONNECTIONS_KEPT = 4
_CONNECT_SECONDS = 10
_COMMAND_SECONDS = 30

RETURN_PAGES = "PRAGMA auto_vacuum=INCREMENTAL"
"""A file made or written anew under it can give free pages back one by one."""

# FULL: a commit survives a power cut. With NORMAL the mark that a message was sent could be lost
# with the power, and the message would go out twice.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # The log grows while somebody reads for long, a backup above all; afterwards it is cut.
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What is erased, a trader's sealed key above all, is overwritten and not only forgotten.
    "PRAGMA secure_delete=ON",
)


def parse_database_url(text: str) -> URL:
    """A URL with the driver that Quorum uses. Raises `ConfigurationError`, never with a password.

    Understands `sqlite:///path`, `postgres://` and `postgresql://`, with or without the driver's
    name, and libpq's `sslmode`, which asyncpg calls `ssl`.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The cause would quote the text, and the text may hold a password.
        raise ConfigurationError(f"DATABASE_URL is not a URL; {_ALLOWED}") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise ConfigurationError(f"DATABASE_URL has the scheme {url.drivername!r}; {_ALLOWED}")
    url = url.set(drivername=driver)
    return _check_file(url) if is_sqlite(url) else _rename_ssl_mode(url)


def is_sqlite(url: URL) -> bool:
    """Whether the embedded database is meant."""
    return url.get_backend_name() == SQLITE


def folders_of(url: URL) -> tuple[Path, ...]:
    """The folder of an SQLite file; none of a server, which keeps its files itself."""
    return (Path(str(url.database)).parent,) if is_sqlite(url) else ()


def create_database_engine(database_url: str | URL) -> AsyncEngine:
    """An engine for a database URL; connects nowhere yet. Makes the folder of an SQLite file.

    Raises `ConfigurationError` when the URL is not understood or the folder can't be made.
    """
    url = parse_database_url(database_url) if isinstance(database_url, str) else database_url
    return _create_sqlite_engine(url) if is_sqlite(url) else _create_postgres_engine(url)


async def begin_writing(connection: AsyncConnection) -> None:
    """Take SQLite's write lock now, waiting for it; nothing to do elsewhere.

    A transaction that starts by reading and then wants to write is refused at once
    ("database is locked") when another one wrote in between, however long the busy timeout.
    """
    if connection.dialect.name == SQLITE:
        await connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_file(url: URL) -> URL:
    if url.database in (None, "", ":memory:"):
        raise ConfigurationError(
            "DATABASE_URL names an SQLite database without a file, which would forget everything "
            f"at exit; {_ALLOWED}"
        )
    if url.query:
        raise ConfigurationError(
            f"DATABASE_URL has options after a question mark ({', '.join(url.query)}), which an "
            f"SQLite file does not take; leave them out; {_ALLOWED}"
        )
    return url


def _rename_ssl_mode(url: URL) -> URL:
    mode = url.query.get("sslmode")
    if mode is None:
        return url
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def _create_sqlite_engine(url: URL) -> AsyncEngine:
    file = Path(str(url.database)).absolute()
    _make_folder(file.parent)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        async_creator=partial(_connect_sqlite, file),
        pool_size=_SQLITE_CONNECTIONS_KEPT,
        max_overflow=_SQLITE_CONNECTIONS - _SQLITE_CONNECTIONS_KEPT,
        # The one used last comes first: the others stay small.
        pool_use_lifo=True,
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


async def _connect_sqlite(file: Path) -> SqliteConnection:
    connection = SqliteConnection(file, busy_seconds=_BUSY_SECONDS)
    await connection
    return connection


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"DATABASE_URL needs the folder {folder}, which can't be made: {error.strerror}. Name "
            "another one, or make it and give this user the right to write there"
        ) from error


def _set_pragmas(connection: Any, record: object) -> None:  # noqa: ARG001 - the signature is SQLAlchemy's
    cursor = connection.cursor()
    # It counts only for a file that is still empty. Elsewhere it would do nothing but wait for
    # whoever is writing, and fail when he takes longer than the busy timeout.
    cursor.execute("PRAGMA page_count")
    if cursor.fetchone() == (0,):
        cursor.execute(RETURN_PAGES)
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _create_postgres_engine(url: URL) -> AsyncEngine:
    # It loads the driver, which SQLite need not wait for.
    from db.proof_of_life import prove_alive

    engine = create_async_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": _CONNECT_SECONDS, "command_timeout": _COMMAND_SECONDS},
    )
    event.listen(engine.sync_engine, "checkout", prove_alive)
    return engine
