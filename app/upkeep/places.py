"""Where backups lie: what they are called, which is the newest, which ones are too many."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from domain.errors import StorageUnavailableError

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"quorum-(\d{8}T\d{6}Z)\.zip")
_LEFT_BEHIND: Final = re.compile(r".*-(\d{8}T\d{6}Z)\.zip\.(?:table\.)?part")
_GIVEN_UP_AFTER: Final = timedelta(days=1)
"""No backup takes so long: what is called unfinished by then, a killed process has left."""


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


def delete_surplus(folder: Path, keep: int, now: datetime) -> list[Path]:
    """Delete all but the newest backups, and what killed processes left; the backups that went."""
    surplus = [path for _, path in list_backups(folder)[:-keep]]
    left_behind = [
        path for at, path in _matching(folder, _LEFT_BEHIND) if now - at > _GIVEN_UP_AFTER
    ]
    for path in (*surplus, *left_behind):
        path.unlink(missing_ok=True)
    return surplus


def _matching(folder: Path, pattern: re.Pattern[str]) -> list[tuple[datetime, Path]]:
    if not folder.is_dir():
        return []
    found = ((pattern.fullmatch(path.name), path) for path in folder.iterdir())
    return [(_instant(match[1]), path) for match, path in found if match is not None]


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
