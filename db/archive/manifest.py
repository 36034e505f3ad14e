"""What a backup says of itself: when and of what it was made, and what has to be in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.codec import JsonCodec

FORMAT: Final = "quorum backup 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """A table: its columns as (name, kind), how many rows, and the SHA-256 of its file."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        """Its name in the archive."""
        return f"{self.name}.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHead:
    """The end of the record: how many entries, and the hash of the last (empty without any)."""

    entries: int = 0
    hash: str = ""

    def __str__(self) -> str:
        return f"{self.entries}:{self.hash[:8]}" if self.entries else "no entry yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All of it. `revision` is the migration the database was at, `database` its kind.

    Tables are in an order in which they can be filled: what a row refers to comes first.
    """

    format: str
    made_at: datetime
    version: str
    database: str
    revision: str
    head: RecordHead
    tables: tuple[StoredTable, ...]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)


MANIFEST: Final = JsonCodec(Manifest)
MANIFEST_FILE: Final = "manifest.json"
