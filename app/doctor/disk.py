"""Looks at the folder of the data: whether it can be written to, and how much room there is."""

import shutil
import tempfile
from pathlib import Path

from app.doctor.check import CheckResult, failure, ok, warning

_MEGABYTE = 1_000_000
_SCARCE_BYTES = 1_000 * _MEGABYTE
_TOO_LITTLE_BYTES = 100 * _MEGABYTE


def examine_disk(folder: Path) -> list[CheckResult]:
    """One line about writing, one about room. A folder that is not there yet is judged by its
    parent, which the first run will make it in.
    """
    place = next(parent for parent in (folder, *folder.resolve().parents) if parent.is_dir())
    return [_writability(folder, place), judge_room(shutil.disk_usage(place).free)]


def judge_room(free_bytes: int) -> CheckResult:
    """Whether the room will do: a year of signals and decisions takes a few hundred MB."""
    detail = f"{free_bytes / _MEGABYTE:,.0f} MB free"
    mend = "make room: the database must be able to grow"
    if free_bytes < _TOO_LITTLE_BYTES:
        return failure("disk", detail, mend)
    return warning("disk", detail, mend) if free_bytes < _SCARCE_BYTES else ok("disk", detail)


def _writability(folder: Path, place: Path) -> CheckResult:
    try:
        with tempfile.TemporaryFile(dir=place):
            return ok("data folder", f"{folder} can be written to")
    except OSError as error:
        mend = f"give this user the right to write there: chown -R $USER {folder}"
        return failure("data folder", f"{folder}: {error.strerror}", mend)
