"""Writes a backup under another name, so that half of one is never taken for it."""

import os
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zipfile import ZIP_STORED, ZipFile

import pyarrow.parquet as pq

from db.archive.kinds import to_written, written_schema
from db.archive.manifest import MANIFEST, MANIFEST_FILE, Manifest, StoredTable

PART: Final = ".part"
_COMPRESSION: Final = "zstd"
_OWNER_ONLY: Final = 0o600


class ArchiveWriter:
    """`begin`, `add` rows and `end` for each table, then `close`. The file is `part` till moved."""

    def __init__(self, target: Path) -> None:
        self.part = target.with_name(target.name + PART)
        self._table_file = target.with_name(f"{target.name}.table{PART}")
        self._zip: ZipFile | None = None
        self._parquet: Any = None
        self._columns: Sequence[tuple[str, str]] = ()
        self._rows = 0

    def __enter__(self) -> Self:
        # It holds all that the database holds, so nobody else may read it either.
        os.close(os.open(self.part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _OWNER_ONLY))
        os.close(os.open(self._table_file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _OWNER_ONLY))
        self._zip = ZipFile(self.part, "w", ZIP_STORED, allowZip64=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._zip is not None:
                self._zip.close()  # writes its index, for which a full disk has no room either
        finally:
            self._table_file.unlink(missing_ok=True)
            if error is not None:
                self.part.unlink(missing_ok=True)

    def begin(self, columns: Sequence[tuple[str, str]]) -> None:
        """Begin a table."""
        self._columns, self._rows = columns, 0
        schema = written_schema(columns)
        self._parquet = pq.ParquetWriter(self._table_file, schema, compression=_COMPRESSION)

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to the table."""
        self._parquet.write_batch(to_written(rows, self._columns))
        self._rows += len(rows)

    def end(self, name: str) -> StoredTable:
        """Put the table into the archive; what the manifest has to say of it."""
        self._parquet.close()
        with self._table_file.open("rb") as written:
            digest = file_digest(written, "sha256").hexdigest()
        table = StoredTable(name=name, columns=tuple(self._columns), rows=self._rows, sha256=digest)
        self._opened.write(self._table_file, table.file)
        return table

    def close(self, manifest: Manifest) -> None:
        """Add the manifest and make sure that all of it is on the disk."""
        self._opened.writestr(MANIFEST_FILE, MANIFEST.encode(manifest))
        self._opened.close()
        _sync(self.part)

    @property
    def _opened(self) -> ZipFile:
        if self._zip is None:
            raise RuntimeError("the archive is not open: use it inside `with`")
        return self._zip


def move_into_place(part: Path, target: Path) -> None:
    """Give a finished archive its name, for good: also the folder is on the disk then."""
    part.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
