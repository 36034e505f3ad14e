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

_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationState:
    """The revision a database is at (None: empty) and the newest that the code knows."""

    current: str | None
    head: str

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to do."""
        return self.current == self.head


async def upgrade(engine: AsyncEngine) -> None:
    """Apply what is missing, all or nothing. Raises `StorageUnavailableError`."""
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            await begin_writing(connection)
            await connection.run_sync(_upgrade_to_head)
            await connection.commit()


async def migration_state(engine: AsyncEngine) -> MigrationState:
    """How far a database is. Changes nothing. Raises `StorageUnavailableError`."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with translated_errors(engine.url):
        async with engine.connect() as connection:
            current = await connection.run_sync(_find_current_revision)
    return MigrationState(current=current, head=str(head))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _upgrade_to_head(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _find_current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
