"""Writes messages into compressed files that begin anew by time and survive a sudden end."""

import zlib
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from domain.errors import ConfigurationError
from domain.timeframes import from_ms
from exchanges.recordings.folder_lock import FolderLock
from exchanges.recordings.manifest import (
    MANIFEST,
    Manifest,
    Session,
    read_manifest,
    write_manifest,
)
from exchanges.recordings.messages import HEADER, RecordedMessage

FILES: Final = "*_*Z.tsv.gz"
"""Number of the file, then its start in UTC: sorted by name they are in order of writing."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_LEVEL: Final = 6
_NS_PER_MS: Final = 1_000_000


class RecordingWriter:
    """Adds one session to a folder: new files, never an old one written again.

    What was flushed is with the operating system: a killed process loses only what came since.
    Raises `ConfigurationError` when the folder cannot be written, or while another writer is at
    work in it; what is there stays.
    """

    def __init__(self, folder: Path, session: Session, *, rotate_ns: int) -> None:
        self._folder = folder
        self._rotate_ns = rotate_ns
        self._file: _CompressedFile | None = None
        self._rotate_at_ns = 0
        self._finished_bytes = 0
        self._lock: FolderLock | None = None
        self._number = self._begin(session)

    @property
    def bytes_written(self) -> int:
        """Compressed bytes on disk of this session."""
        return self._finished_bytes + (0 if self._file is None else self._file.size)

    @property
    def files(self) -> int:
        """Files of the folder, those of earlier sessions included."""
        return self._number

    def write(self, message: RecordedMessage) -> None:
        """Add a message; it is safe with the next `flush`."""
        try:
            file = self._file_for(message.local_ns)
            file.write(message.line())
        except OSError as error:
            raise self._unwritable(error) from None

    def flush(self) -> None:
        """Hand everything written so far to the operating system, readable up to here."""
        try:
            if self._file is not None:
                self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from None

    def close(self) -> None:
        """Finish the file and let go of the folder; calling it again changes nothing."""
        try:
            self._finish()
        except OSError as error:
            raise self._unwritable(error) from None
        finally:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self, session: Session) -> int:
        """Put the session into the manifest; the number of the last file there is."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(self._folder)
            known = read_manifest(self._folder) if self._has_manifest() else Manifest()
            write_manifest(self._folder, Manifest(sessions=(*known.sessions, session)))
            return max((file_number(path) for path in self._folder.glob(FILES)), default=0)
        except OSError as error:
            self._let_go()
            raise self._unwritable(error) from None
        except ConfigurationError:
            self._let_go()
            raise

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def _has_manifest(self) -> bool:
        return (self._folder / MANIFEST).exists()

    def _file_for(self, local_ns: int) -> "_CompressedFile":
        if self._file is None or local_ns >= self._rotate_at_ns:
            self._finish()
            self._number += 1
            self._rotate_at_ns = local_ns + self._rotate_ns
            self._file = _CompressedFile(self._folder / _file_name(self._number, local_ns))
        return self._file

    def _finish(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.finish()
            self._finished_bytes += file.size

    def _unwritable(self, error: OSError) -> ConfigurationError:
        if self._file is not None:
            self._file.abandon()
            self._file = None
        return ConfigurationError(
            f"cannot write the recording to {self._folder}: {error.strerror or error}; what was "
            "written before stays readable. Free or mend the place, or choose another with --out"
        )


class _CompressedFile:
    """One gzip file, written without a buffer of Python's own."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self._zip = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._unflushed = False
        self.size = 0
        try:
            self.write(HEADER)
        except OSError:
            self.abandon()
            raise

    def write(self, data: bytes) -> None:
        self._unflushed = True
        self._put(self._zip.compress(data))

    def flush(self) -> None:
        if self._unflushed:
            self._unflushed = False
            self._put(self._zip.flush(zlib.Z_SYNC_FLUSH))

    def finish(self) -> None:
        try:
            self._put(self._zip.flush(zlib.Z_FINISH))
        finally:
            self.abandon()

    def abandon(self) -> None:
        self._file.close()

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            written = self._file.write(left) or 0
            self.size += written
            left = left[written:]


def _file_name(number: int, local_ns: int) -> str:
    return f"{number:06d}_{from_ms(local_ns // _NS_PER_MS):%Y%m%dT%H%M%S}Z.tsv.gz"


def file_number(path: Path) -> int:
    """The number of a file of a recording; 0 for one that has none."""
    digits = path.name.partition("_")[0]
    return int(digits) if digits.isdecimal() else 0
