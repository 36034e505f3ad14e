"""Finds out whether a file could be written, without making or changing one."""

import os
import tempfile
from pathlib import Path


def try_writing(path: Path) -> None:
    """Raise the `OSError` that writing the file, in a folder made for it, would end with."""
    if path.exists():
        # Not blocking, for it may be a named pipe that nobody reads.
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        return
    with tempfile.TemporaryFile(dir=nearest_existing(path.parent)):
        pass


def nearest_existing(folder: Path) -> Path:
    """The folder, or what its path leads through that is there already."""
    return next(each for each in (folder, *folder.resolve().parents) if each.exists())
