"""Reads a backup, and checks it: hashes, counts of rows, and the chain of the record in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zipfile import BadZipFile, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq

from db.archive.kinds import to_stored
from db.archive.manifest import (
    FORMAT,
    MANIFEST,
    MANIFEST_FILE,
    Manifest,
    RecordHead,
    StoredTable,
)
from domain.errors import InvalidDataError
from domain.ledger import EntryKind, LedgerEntry
from engine.ledger import verify_chain

_ROWS_AT_ONCE: Final = 500
_LEDGER: Final = "ledger"

Advance = Callable[[int], None]
"""Told how many rows more are done."""


class ArchiveReader:
    """An open backup. Raises `InvalidDataError` for a file that is none, or is damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._readable():
            self._zip = ZipFile(path)
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def batches(self, table: StoredTable) -> Iterator[list[dict[str, Any]]]:
        """Rows of a table as they are to be stored, some at a time."""
        with self._readable(), self._zip.open(table.file) as file:
            parquet = pq.ParquetFile(pa.PythonFile(file, mode="r"))
            for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE):
                yield to_stored(batch, table.columns)

    def verify(self, advance: Advance) -> None:
        """Read everything once. Raises `InvalidDataError` at the first thing that does not hold."""
        for table in self.manifest.tables:
            self._verify_file(table)
            advance(table.rows)
        self._verify_record()

    def _verify_file(self, table: StoredTable) -> None:
        with self._readable():
            with self._zip.open(table.file) as file:
                digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # readinto
            if digest != table.sha256:
                raise self._damaged(f"{table.file} is not what was written")
            with self._zip.open(table.file) as file:
                rows = pq.ParquetFile(pa.PythonFile(file, mode="r")).metadata.num_rows
        if rows != table.rows:
            raise self._damaged(f"{table.file} has {rows} rows, {table.rows} were written")

    def _verify_record(self) -> None:
        last: LedgerEntry | None = None
        for entry in self._entries():
            broken = verify_chain([entry], after=last)
            if broken is not None:
                raise self._damaged(f"the record in it does not hold from entry {broken} on")
            last = entry
        head = RecordHead() if last is None else RecordHead(entries=last.sequence, hash=last.hash)
        if head != self.manifest.head:
            raise self._damaged(f"its record ends at {head}, {self.manifest.head} was written")

    def _entries(self) -> Iterator[LedgerEntry]:
        for table in self.manifest.tables:
            if table.name == _LEDGER:
                for batch in self.batches(table):
                    for row in batch:
                        yield LedgerEntry(**row | {"kind": EntryKind(row["kind"])})

    def _read_manifest(self) -> Manifest:
        with self._readable():
            text = self._zip.read(MANIFEST_FILE).decode()
        manifest = MANIFEST.decode(text)
        if manifest.format != FORMAT:
            raise InvalidDataError(
                f"{self._path} is a {manifest.format!r}, this version reads {FORMAT!r}; restore it "
                "with the version of Quorum that made it"
            )
        return manifest

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (BadZipFile, KeyError, EOFError, ValueError, pa.ArrowException) as error:
            raise self._damaged(str(error)) from error
        except OSError as error:
            reason = error.strerror or error
            raise InvalidDataError(f"the backup {self._path} cannot be read: {reason}") from error

    def _damaged(self, reason: str) -> InvalidDataError:
        return InvalidDataError(
            f"{self._path} is no backup of Quorum or is damaged: {reason}; take another one"
        )
