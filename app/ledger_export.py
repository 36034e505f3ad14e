"""`python -m app ledger export`: the record of the configured database as a file."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.output_files import write_file
from app.settings import Settings, load_settings
from app.stored import is_yet_to_be_made
from db.engine import create_database_engine, parse_database_url
from db.unit_of_work import SqlStorage
from domain.errors import ConfigurationError
from engine.ledger import export_lines
from engine.ports.storage import Storage
from engine.record_reading import read_ledger

STANDARD_OUTPUT = "-"


async def export_record(out: str) -> None:
    """Write it, and say on standard error what was written."""
    async with opened_storage(load_settings()) as storage, storage() as unit:
        entries = await read_ledger(unit.ledger)
    data = "".join(export_lines(entries)).encode("ascii")
    if out == STANDARD_OUTPUT:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    else:
        write_file(Path(out), data)
    head = f", head {entries[-1].hash}" if entries else ""
    place = "standard output" if out == STANDARD_OUTPUT else out
    print(f"{len(entries)} entries to {place}{head}", file=sys.stderr)  # noqa: T201 - its answer


@asynccontextmanager
async def opened_storage(settings: Settings) -> AsyncIterator[Storage]:
    """The database that is there already. Raises `ConfigurationError` where there is none."""
    url = parse_database_url(settings.storage.database_url.get_secret_value())
    if is_yet_to_be_made(url):
        raise ConfigurationError(
            f"there is no record yet: DATABASE_URL names {url.database}, which does not exist. Let "
            "the bot run first, or name its database"
        )
    engine = create_database_engine(url)
    try:
        yield SqlStorage(engine)
    finally:
        await engine.dispose()
