"""Reading the record from storage: all of it, and its anchor."""

from collections.abc import Sequence

from domain.ledger import GENESIS_HASH, LedgerEntry
from engine.ports.storage import LedgerRepository
from engine.reports import LedgerHead

_PAGE = 1000


async def read_ledger(ledger: LedgerRepository) -> list[LedgerEntry]:
    """All entries, in order."""
    entries: list[LedgerEntry] = []
    while page := await ledger.list_from(len(entries) + 1, limit=_PAGE):
        entries += page
    return entries


def head_of(entries: Sequence[LedgerEntry]) -> LedgerHead:
    """The anchor of a record: its length and newest hash."""
    return LedgerHead(count=len(entries), hash=entries[-1].hash if entries else GENESIS_HASH)
