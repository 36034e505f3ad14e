"""One entry of the append-only, hash-chained record (design 4.8)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GENESIS_HASH = "0" * 64
"""Previous hash of the first entry."""


class EntryKind(StrEnum):
    """What an entry records."""

    SIGNAL = "signal"
    OUTCOME = "outcome"
    CORRECTION = "correction"
    """The outcome of a signal, restated with the reason: entries are never edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """An entry: its place, its exchange time, its canonical text, and the chain.

    `body` is canonical JSON that repeats `sequence`, `at` and `kind`; `hash` is the hex SHA-256 of
    `previous_hash`, a line feed and `body`, all UTF-8.
    """

    sequence: int
    at: datetime
    kind: EntryKind
    body: str
    previous_hash: str
    hash: str
