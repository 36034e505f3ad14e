"""The log as a file: turned over at a size, of one process alone, and never a reason to stop."""

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from app.writable import try_writing
from domain.errors import ConfigurationError

_MEGABYTE: Final = 1_000_000
_RETRY_SECONDS: Final = 60.0
"""How long a file that could not be written is left alone."""

_log = logging.getLogger(__name__)


class LogFile(RotatingFileHandler):
    """Appends lines to a file and keeps `files` of them, the one being written among them.

    What goes wrong is told once through the log itself, whose lines go to standard error all the
    while, and the file is tried again every minute.
    """

    def __init__(self, path: Path, *, megabytes: float, files: int, lock: int) -> None:
        super().__init__(
            path, maxBytes=int(megabytes * _MEGABYTE), backupCount=files - 1, encoding="utf-8"
        )
        self._lock_file: int | None = lock
        self._error: OSError | None = None
        self._failed_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, unless the file was found unwritable a moment ago."""
        before = self._error
        # The host's clock may have been set either way since.
        if before is not None and abs(record.created - self._failed_at) < _RETRY_SECONDS:
            return
        self._error = None
        super().emit(record)
        _tell_change(self.baseFilename, before, self._error)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as inherited
        """Note what went wrong with a line; the library calls this with the error at hand."""
        error = sys.exc_info()[1]
        self._error = error if isinstance(error, OSError) else OSError(0, str(error))
        self._failed_at = record.created
        # What is left in its buffer would be tried again with every line: the file is opened anew.
        stream, self.stream = self.stream, None
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.close()

    def close(self) -> None:
        """Close the file and let others write it."""
        with suppress(OSError):  # the disk may still be full
            super().close()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        if _ends_within_a_line(self.baseFilename):
            stream.write(self.terminator)
        return stream


def open_log_file(path: Path, *, megabytes: float, files: int) -> LogFile | None:
    """The file, and the folder it lies in; None while another process writes it.

    Raises `ConfigurationError` where it can't be written.
    """
    with _refused_by_the_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock(path)
        return None if lock is None else _opened(path, megabytes, files, lock)


def check_log_file(path: Path) -> None:
    """Raise `ConfigurationError` where `open_log_file` would. Makes nothing, changes nothing."""
    with _refused_by_the_disk(path):
        try_writing(path)
        try_writing(_lock_of(path))


@contextmanager
def _refused_by_the_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"LOG_FILE: {path} can't be written: {error.strerror}; give this user the right to "
            "write there, name another file, or leave LOG_FILE away for standard error alone"
        ) from error


def _opened(path: Path, megabytes: float, files: int, lock: int) -> LogFile:
    try:
        return LogFile(path, megabytes=megabytes, files=files, lock=lock)
    except OSError:
        os.close(lock)
        raise


def _lock(path: Path) -> int | None:
    """Two processes would turn the file over under each other's hands. Free when a process ends."""
    lock = os.open(_lock_of(path), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _lock_of(path: Path) -> Path:
    return Path(f"{path}.lock")


def _ends_within_a_line(path: str) -> bool:
    """Whether a full disk or a kill cut the last line off; it must not be joined to the next."""
    with Path(path).open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


def _tell_change(path: str, before: OSError | None, now: OSError | None) -> None:
    if before is None and now is not None:
        _log.error("log file not written, standard error goes on: %s: %s", path, now.strerror)
    elif before is not None and now is None:
        _log.warning("log file is written again: %s", path)
