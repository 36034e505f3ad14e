"""Brings a database up to date, and says how far it is.

Alembic is loaded where it is used: it takes an eighth of a second, which commands that find no
database need not wait for.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import begin_writing
from db.errors import translated_errors
from domain.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationState:
    """The revision a database is at (None: empty) and the newest that the code knows.

    `is_newer` when the code does not know the database's own revision.
    """

    current: str | None
    head: str
    is_newer: bool = False

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to do."""
        return self.current == self.head


async def upgrade(engine: AsyncEngine) -> None:
    """Apply what is missing, all or nothing.

    Raises `StorageUnavailableError`, and `ConfigurationError` for a database from a newer version.
    """
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            await begin_writing(connection)
            await connection.run_sync(upgrade_within)
            await connection.commit()


async def migration_state(engine: AsyncEngine) -> MigrationState:
    """How far a database is. Changes nothing. Raises `StorageUnavailableError`."""
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            return await connection.run_sync(find_state)


async def check_writable(engine: AsyncEngine) -> None:
    """Try whether there is the right to write; keeps nothing. Raises `StorageUnavailableError`."""
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            # SQLite notices a file that may only be read no earlier than at the first change.
            await begin_writing(connection)
            await connection.exec_driver_sql("CREATE TABLE trial (answer INTEGER)")
            await connection.rollback()


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Apply what is missing up to a revision, inside a transaction that somebody else has begun.

    Raises `ConfigurationError` for a database from a newer version.
    """
    from alembic import command

    state = find_state(connection)
    if state.is_newer:
        raise ConfigurationError(
            f"the database is from a newer version (migration {state.current}, this one knows "
            f"{state.head}); update Quorum, or restore a copy from before the update"
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def known_revisions() -> frozenset[str]:
    """All revisions that this version can make."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def find_state(connection: Connection) -> MigrationState:
    """How far the database of a connection is."""
    from alembic.runtime.migration import MigrationContext

    known = known_revisions()
    current = MigrationContext.configure(connection).get_current_revision()
    return MigrationState(
        current=current,
        head=str(_scripts().get_current_head()),
        is_newer=current is not None and current not in known,
    )


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
