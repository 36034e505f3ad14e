"""`python -m app restore FILE`: fills the database of the settings from a backup."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from sqlalchemy.ext.asyncio import AsyncEngine

from app.clock import ExchangeClock, wall_now
from app.instance import InstanceGuard
from app.settings import load_settings
from app.settings.sections import StorageSettings
from app.upkeep.making import check_archive, make_backup
from app.upkeep.places import rescue_path
from app.upkeep.progress import shown_progress
from db.archive.load import holds_rows, load
from db.archive.manifest import Manifest
from db.archive.reader import ArchiveReader
from db.engine import create_database_engine
from domain.errors import ConfigurationError


async def run_restore(file: Path, *, replace: bool, out: Path) -> None:
    """Check the file, then fill the database, and say what is in it now."""
    settings, console, aside = load_settings(), Console(soft_wrap=True), Console(stderr=True)
    check_archive(file, aside)
    async with alone_on_database(settings.storage) as engine:
        if await holds_rows(engine):
            await _rescue(engine, file, out, console, aside, replace=replace)
        with (
            ArchiveReader(file) as archive,
            shown_progress(aside, "restoring", archive.manifest.rows) as advance,
        ):
            await load(engine, archive, advance)
            _tell(archive.manifest, engine, console)


@asynccontextmanager
async def alone_on_database(settings: StorageSettings) -> AsyncIterator[AsyncEngine]:
    """The database as long as no bot works on it. Raises `ConfigurationError` when one does."""
    guard = InstanceGuard(settings, ExchangeClock())
    try:
        await guard.acquire()
        engine = create_database_engine(settings.database_url.get_secret_value())
        try:
            yield engine
        finally:
            await engine.dispose()
    finally:
        await guard.release()


async def _rescue(
    engine: AsyncEngine, file: Path, out: Path, console: Console, aside: Console, *, replace: bool
) -> None:
    place = engine.url.render_as_string(hide_password=True)
    if not replace:
        raise ConfigurationError(
            f"{place} holds data already, and nothing was changed. Name an empty database in "
            f"DATABASE_URL, or take {file} in place of it with --replace, which backs it up first"
        )
    at = wall_now()
    target = rescue_path(out, at)
    manifest = await make_backup(engine, target, at=at, aside=aside)
    console.print(escape(f"what was there is in {target}: record {manifest.head}"))


def _tell(manifest: Manifest, engine: AsyncEngine, console: Console) -> None:
    place = engine.url.render_as_string(hide_password=True)
    console.print(
        escape(
            f"restored into {place}: {manifest.rows:,} rows of {len(manifest.tables)} tables, made "
            f"{manifest.made_at:%Y-%m-%d %H:%M:%S} UTC by version {manifest.version}"
        )
    )
    console.print(escape(f"the record ends at {manifest.head}"))
    if manifest.head.entries:
        console.print(
            "Before the bot starts, hold it against the newest head that was posted (the daily "
            "report has it, as 131:77e0c2d4): docs/runbook.md, The record after a restore.\n"
            "  python -m app ledger export --out restored.jsonl\n"
            "  python -m app ledger verify restored.jsonl --head 131:77e0c2d4 --allow-unchecked"
        )
