"""`python -m app backup`: the database in one checked file, the newest of them kept."""

import signal
import threading
from contextlib import suppress
from os import nice
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape

from app.clock import cpu_seconds, wall_now
from app.settings import load_settings
from app.stored import is_yet_to_be_made
from app.upkeep.making import make_backup
from app.upkeep.places import backup_path, delete_leftovers, delete_surplus
from db.engine import create_database_engine, parse_database_url
from domain.errors import ConfigurationError

_BEHIND_THE_BOT = 10
"""Niceness: a bot on the same cores comes first."""


async def run_backup(out: Path, keep: int) -> None:
    """Make one, delete those beyond `keep`, and say what was done."""
    with suppress(OSError):
        nice(_BEHIND_THE_BOT)
    _end_in_order_on_sigterm()
    url = parse_database_url(load_settings().storage.database_url.get_secret_value())
    if is_yet_to_be_made(url):
        raise ConfigurationError(
            f"there is nothing to back up: DATABASE_URL names {url.database}, which does not "
            "exist. Let the bot run first, or name its database"
        )
    console, at = Console(soft_wrap=True), wall_now()
    # Before anything is made: where one backup after the other is given up, what they leave must
    # not fill the disk.
    delete_leftovers(out, at)
    target = backup_path(out, at)
    engine = create_database_engine(url)
    try:
        manifest = await make_backup(engine, target, at=at, aside=Console(stderr=True))
    finally:
        await engine.dispose()
    gone = delete_surplus(out, keep)
    console.print(
        escape(
            f"{target}: {decimal(target.stat().st_size)}, {manifest.rows:,} rows of "
            f"{len(manifest.tables)} tables, record {manifest.head}, checked"
        )
    )
    seconds = (wall_now() - at).total_seconds()
    console.print(f"{seconds:.1f} s ({cpu_seconds():.1f} s of CPU)")
    for path in gone:
        console.print(escape(f"deleted {path}: the newest {keep} are kept"))


def _end_in_order_on_sigterm() -> None:
    """As Ctrl-C does: the unfinished file goes with it. Only a main thread can be told so."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
