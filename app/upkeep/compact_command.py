"""`python -m app compact`: gives the disk back what deleted rows left free in an SQLite file."""

from pathlib import Path

from rich.console import Console
from rich.filesize import decimal

from app.settings import load_settings
from app.stored import is_yet_to_be_made
from app.upkeep.restore_command import alone_on_database
from db.engine import is_sqlite, parse_database_url
from db.room import compact, database_bytes
from domain.errors import ConfigurationError


async def run_compact() -> None:
    """Write the file anew, and say how large it was and is."""
    storage = load_settings().storage
    url = parse_database_url(storage.database_url.get_secret_value())
    if not is_sqlite(url):
        raise ConfigurationError(
            "PostgreSQL gives room back by itself (autovacuum), nothing was done; to shrink its "
            "files at once, stop the bot and run VACUUM FULL in psql"
        )
    if is_yet_to_be_made(url):
        raise ConfigurationError(f"{Path(str(url.database))} does not exist, nothing was done")
    console = Console(soft_wrap=True)
    async with alone_on_database(storage) as engine:
        before = await database_bytes(engine)
        with Console(stderr=True).status("writing the file anew"):
            await compact(engine)
        after = await database_bytes(engine)
    console.print(f"{decimal(before)} before, {decimal(after)} now")
