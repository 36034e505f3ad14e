"""Foreign database errors become ours, here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from domain.errors import ConflictError, NotFoundError, QuorumError, StorageUnavailableError

_UNIQUE_VIOLATION = "23505"
_SQLITE_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
_NO_PARENT = "23503"
_SQLITE_NO_PARENT = "SQLITE_CONSTRAINT_FOREIGNKEY"
# PostgreSQL's error classes (its manual, appendix A): serialisation failure and deadlock.
_LOST_RACE = ("40001", "40P01")
# Connection, a server that only lets read, authorisation, database name, a missing right, a missing
# table, resources, limits, operator intervention, I/O.
_AWAY = ("08", "25006", "28", "3D", "42501", "42P01", "53", "54", "57", "58")
_SQLITE_BROKEN = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


@contextmanager
def translated_errors(url: URL) -> Iterator[None]:
    """Raise `ConflictError` for a taken key or a lost race, `NotFoundError` for a row that belongs
    to one that is not there, `StorageUnavailableError` for a database that is away. Whatever else
    goes wrong is a mistake of ours and passes unchanged.
    """
    try:
        yield
    except DBAPIError as error:
        known = _to_known_error(error, url)
        if known is None:
            raise
        raise known from error
    except StatementError as error:
        # A column type refused a value; SQLAlchemy has wrapped our own error.
        if isinstance(error.orig, QuorumError):
            raise error.orig from error
        raise
    except (OSError, PoolTimeoutError) as error:
        raise _unavailable(url, error) from error


def _to_known_error(error: DBAPIError, url: URL) -> QuorumError | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == _UNIQUE_VIOLATION or _sqlite_error_name(error) in _SQLITE_UNIQUE:
        return ConflictError(f"somebody else has stored the same already: {error.orig}")
    if state == _NO_PARENT or _sqlite_error_name(error) == _SQLITE_NO_PARENT:
        return NotFoundError(f"what this belongs to is not stored: {error.orig}")
    if state in _LOST_RACE:
        return ConflictError(f"a concurrent transaction won: {error.orig}")
    if _is_away(error, state):
        return _unavailable(url, error.orig)
    return None


def _sqlite_error_name(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", "")


def _is_away(error: DBAPIError, state: str) -> bool:
    broken = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    return broken or state.startswith(_AWAY) or _sqlite_error_name(error) in _SQLITE_BROKEN


def _unavailable(url: URL, cause: BaseException | None) -> StorageUnavailableError:
    place = url.render_as_string(hide_password=True)
    return StorageUnavailableError(
        f"the database {place} cannot be used: {str(cause) or type(cause).__name__}. "
        "Check DATABASE_URL, that the server runs, that the migrations are applied, that this user "
        "may write to it, and that the disk has room"
    )
