"""`python -m app backup`, `restore` and `compact`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from app.running import execute

BACKUPS: Final = Path("var/backups")
KEPT: Final = 7

Folder = Annotated[Path, typer.Option(help="Folder of the backups.", file_okay=False)]


def add_upkeep_commands(commands: typer.Typer) -> None:
    """Put them into the command line."""
    commands.command()(backup)
    commands.command()(restore)
    commands.command()(compact)


def backup(
    out: Folder = BACKUPS,
    keep: Annotated[
        int, typer.Option(min=1, help="How many are kept; older ones in the folder are deleted.")
    ] = KEPT,
) -> None:
    """Back the database up into one file, also while the bot runs, and check it.

    The file holds every row as of one instant, from SQLite and PostgreSQL alike, and `restore`
    puts it into either. Keep a copy on another machine; the file is as secret as the database.
    ACCOUNT_MASTER_KEYS is not in it: without it the exchange keys of traders can't be opened.

    Example: python -m app backup --out /mnt/backups --keep 30
    """
    from app.upkeep.backup_command import run_backup

    execute(lambda: run_backup(out, keep))


def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that `backup` made.", exists=True, dir_okay=False)
    ],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Take it in place of what the database holds, which is saved first."
        ),
    ] = False,
    out: Folder = BACKUPS,
) -> None:
    """Fill the database of DATABASE_URL from a backup. Stop the bot first.

    All or nothing: the file is checked before anything is touched, and whatever goes wrong, the
    database stays as it was. A backup of an older version is brought up to date. To move from
    SQLite to PostgreSQL or back: back up, change DATABASE_URL, restore.

    Example: python -m app restore var/backups/quorum-20261122T030000Z.zip --replace
    """
    from app.upkeep.restore_command import run_restore

    execute(lambda: run_restore(file, replace=replace, out=out))


def compact() -> None:
    """Shrink an SQLite file to what is in it. Stop the bot first.

    Needed once for a file that an older version made, or when the disk is short at once: the
    bot itself returns room little by little. Needs free room beside the file, twice as much as it
    has content, and says so where that is not there.
    """
    from app.upkeep.compact_command import run_compact

    execute(run_compact)
