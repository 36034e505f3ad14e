"""Keeps what was read of the ledger: what is append-only need not be read twice."""

import asyncio
from typing import Final

from engine.ports.storage import LedgerRepository
from engine.statistics.reading import read_record
from engine.statistics.record import EMPTY_RECORD, Record

_PAGE: Final = 500
"""Entries read at once: about 10 ms of work, which stays done when the reading is broken off."""


class LedgerReader:
    """The record as it stands, for all who ask for figures of it; share one.

    Entries are read once in a process, each against the hash of the one before it. One that is
    altered or added in the middle afterwards, past the database's own protection, is not noticed
    until a restart: to find such a thing is what `ledger verify` is for.
    """

    def __init__(self) -> None:
        self._record = EMPTY_RECORD
        self._turn = asyncio.Lock()

    async def __call__(self, ledger: LedgerRepository) -> Record:
        """Read what was added since the last time; the record that is returned never changes.

        Of several who ask at once the first reads, and the others wait for it. Ask in a unit of
        work that adds no entry itself: one that is undone later would stay here. Raises
        `InvalidDataError` that names an entry which cannot be read.
        """
        async with self._turn:
            while page := await ledger.list_from(self._record.length + 1, limit=_PAGE):
                # The first time there may be a year to read, and the next close must not wait.
                self._record = await asyncio.to_thread(read_record, page, after=self._record)
            return self._record
