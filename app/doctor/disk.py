"""Looks at the folder of the data: whether it can be written to, and how much room there is."""

import shutil
import tempfile
from pathlib import Path

from app.doctor.check import CheckResult, failure, ok, warning
from app.writable import nearest_existing

_MEGABYTE = 1_000_000
_SCARCE_BYTES = 2_000 * _MEGABYTE
_TOO_LITTLE_BYTES = 200 * _MEGABYTE


def examine_disk(folder: Path) -> list[CheckResult]:
    """One line about writing, one about room. A folder that is not there yet is judged by its
    parent, which the first run will make it in.
    """
    there = nearest_existing(folder)
    return [_writability(folder, there), judge_room(shutil.disk_usage(there).free)]


def judge_room(free_bytes: int) -> CheckResult:
    """Whether the room will do. With 40 pairs the database grows to about 3 GB within a year and
    from then on by 1 to 3 MB a day, the part that is kept for ever.
    """
    detail = f"{free_bytes / _MEGABYTE:,.0f} MB free"
    mend = "make room: with 40 pairs the database grows to about 3 GB within a year"
    if free_bytes < _TOO_LITTLE_BYTES:
        return failure("disk", detail, mend)
    return warning("disk", detail, mend) if free_bytes < _SCARCE_BYTES else ok("disk", detail)


def _writability(folder: Path, there: Path) -> CheckResult:
    if not there.is_dir():
        mend = "move that file away, or name another folder in DATABASE_URL"
        return failure("data folder", f"{there} is a file, not a folder", mend)
    try:
        with tempfile.TemporaryFile(dir=there):
            return ok("data folder", f"{folder} can be written to")
    except OSError as error:
        mend = f"give this user the right to write there: chown -R $USER {folder}"
        return failure("data folder", f"{folder}: {error.strerror}", mend)
