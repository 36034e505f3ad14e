"""Brings a database up to date, and says how far it is."""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import begin_writing
from db.errors import translated_errors
from domain.errors import ConfigurationError

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
            await connection.run_sync(_upgrade_to_head)
            await connection.commit()


async def migration_state(engine: AsyncEngine) -> MigrationState:
    """How far a database is. Changes nothing. Raises `StorageUnavailableError`."""
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            return await connection.run_sync(_find_state)


async def check_writable(engine: AsyncEngine) -> None:
    """Try whether there is the right to write; keeps nothing. Raises `StorageUnavailableError`."""
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            # SQLite notices a file that may only be read no earlier than at the first change.
            await begin_writing(connection)
            await connection.exec_driver_sql("CREATE TABLE trial (answer INTEGER)")
            await connection.rollback()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _upgrade_to_head(connection: Connection) -> None:
    state = _find_state(connection)
    if state.is_newer:
        raise ConfigurationError(
            f"the database is from a newer version (migration {state.current}, this one knows "
            f"{state.head}); update Quorum, or restore a copy from before the update"
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _find_state(connection: Connection) -> MigrationState:
    scripts = ScriptDirectory.from_config(_config())
    known = {script.revision for script in scripts.walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    return MigrationState(
        current=current,
        head=str(scripts.get_current_head()),
        is_newer=current is not None and current not in known,
    )
