"""The database of the settings for a command that writes: made, and brought to its newest form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.settings import Settings
from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from engine.ports.storage import Storage


@asynccontextmanager
async def made_storage(settings: Settings) -> AsyncIterator[Storage]:
    """Open it as long as the block runs; it is made if there is none yet."""
    engine = create_database_engine(settings.storage.database_url.get_secret_value())
    try:
        await upgrade(engine)
        yield SqlStorage(engine)
    finally:
        await engine.dispose()
