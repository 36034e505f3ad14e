"""Where shared studies are kept: a database of their own, named by a URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from optuna.storages import BaseStorage, InMemoryStorage, RDBStorage
from sqlalchemy import URL, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from domain.errors import ConfigurationError, StorageUnavailableError

_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_SQLITE_PATIENCE_SECONDS: Final = 60
"""How long a process waits for another one that writes to the same file."""


@contextmanager
def study_storage(url: str | None) -> Iterator[BaseStorage]:
    """The storage behind a URL, or one in memory without it; its tables are made where missing.

    Raises `ConfigurationError` for a URL that cannot be used, also for a database that belongs to
    something else, and `StorageUnavailableError` where it does not answer.
    """
    if url is None:
        yield InMemoryStorage()
        return
    storage = _open_database(_address(url))
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _open_database(address: URL) -> RDBStorage:
    try:
        _refuse_foreign_database(address)
        return RDBStorage(_text(address), engine_kwargs=_engine_settings(address))
    except SQLAlchemyError as error:
        raise StorageUnavailableError(_unavailable(address, error)) from None


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise ConfigurationError(f"--storage: not a URL; {_EXAMPLES}") from None
    driver = _DRIVERS.get(address.get_backend_name())
    if driver is None or not address.database:
        raise ConfigurationError(f"--storage {address!r}: {_EXAMPLES}")
    return address.set(drivername=driver)


_EXAMPLES: Final = (
    "write sqlite:///studies.sqlite for a file, or "
    "postgresql+psycopg://user@host/studies to share a study between machines"
)


def _refuse_foreign_database(address: URL) -> None:
    """Both keep the version of their tables under one name, so that either would break the other.

    Study tables carry it in `alembic_version`, and so do those of the bot.
    """
    engine = create_engine(address)
    try:
        names = set(inspect(engine).get_table_names())
    finally:
        engine.dispose()
    if "alembic_version" in names and "studies" not in names:
        raise ConfigurationError(
            f"--storage {address!r}: this database belongs to something else, perhaps to the bot; "
            "studies need one of their own (createdb quorum_studies)"
        )


def _engine_settings(address: URL) -> dict[str, object]:
    if address.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": _SQLITE_PATIENCE_SECONDS}}
    return {"pool_pre_ping": True}


def _text(address: URL) -> str:
    return address.render_as_string(hide_password=False)


def _unavailable(address: URL, error: SQLAlchemyError) -> str:
    # The driver's own text may repeat the address with its password.
    kind = type(error.__cause__ or error).__name__
    return f"--storage {address!r} does not answer ({kind}); is the server up, may this user in?"
