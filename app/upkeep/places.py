"""Where backups lie: what they are called, which is the newest, which ones are too many."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from domain.errors import StorageUnavailableError

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"quorum-(\d{8}T\d{6}Z)\.zip")
_LEFT_BEHIND: Final = re.compile(r".*-(\d{8}T\d{6}Z)\.zip\.(?:table\.)?part")
LONGEST_BACKUP: Final = timedelta(hours=1)
"""One that the bot has made may take so long, and is ended then."""

_GIVEN_UP_AFTER: Final = LONGEST_BACKUP + timedelta(minutes=5)
"""Of an unfinished file that nobody has written to for so long, a killed process has left it."""


def backup_path(folder: Path, at: datetime) -> Path:
    """A backup made at an instant."""
    return folder / f"quorum-{at:{_STAMP}}.zip"


def rescue_path(folder: Path, at: datetime) -> Path:
    """What was in a database before another one was restored over it. It is never deleted here."""
    return folder / f"before-restore-{at:{_STAMP}}.zip"


def list_backups(folder: Path) -> list[tuple[datetime, Path]]:
    """Finished backups of a folder, each with when it was made, oldest first."""
    return sorted(_matching(folder, _NAME))


def make_folder(folder: Path) -> None:
    """Raises `StorageUnavailableError` where it can't be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailableError(
            f"the folder {folder} for backups can't be made: {error.strerror}; give this user the "
            "right to write there, or name another one with --out"
        ) from error


def delete_surplus(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest backups; those that went."""
    surplus = [path for _, path in list_backups(folder)[:-keep]]
    for path in surplus:
        path.unlink(missing_ok=True)
    return surplus


def delete_leftovers(folder: Path, now: datetime) -> None:
    """Delete what killed processes left. Files that somebody may still be writing stay.

    Their age is that of the last write, not of their name: a backup that an operator makes of a
    large database may take longer than the bot allows its own.
    """
    for _, path in _matching(folder, _LEFT_BEHIND):
        # Whoever was writing it may end it just now.
        with suppress(FileNotFoundError):
            written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if now - written_at > _GIVEN_UP_AFTER:
                path.unlink()


def _matching(folder: Path, pattern: re.Pattern[str]) -> list[tuple[datetime, Path]]:
    if not folder.is_dir():
        return []
    found = ((pattern.fullmatch(path.name), path) for path in folder.iterdir())
    return [(_instant(match[1]), path) for match, path in found if match is not None]


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
