"""Keeps what was read of the ledger: what is append-only need not be read twice."""

from typing import Final

from engine.ports.storage import LedgerRepository
from engine.statistics.reading import read_record
from engine.statistics.record import EMPTY_RECORD, Record

_PAGE: Final = 500
"""Entries between which other tasks may run: about 10 ms of work."""


class LedgerReader:
    """The record as it stands, for all who ask for figures of it; share one."""

    def __init__(self) -> None:
        self._record = EMPTY_RECORD

    async def __call__(self, ledger: LedgerRepository) -> Record:
        """Read what was added since the last time.

        Ask in a unit of work that adds no entry itself: one that is undone later would stay here.
        Raises `InvalidDataError` that names an entry which cannot be read.
        """
        record = self._record
        while page := await ledger.list_from(record.length + 1, limit=_PAGE):
            record = read_record(page, after=record)
        # Another task may have come further in the meantime.
        self._record = max(record, self._record, key=lambda each: each.length)
        return record
