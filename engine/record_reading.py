"""Reading the record from storage: all its entries, and the anchor of what was read."""

from domain.ledger import LedgerEntry
from engine.ports.storage import LedgerRepository
from engine.reports import LedgerHead
from engine.statistics import Record

_PAGE = 1000


async def read_ledger(ledger: LedgerRepository) -> list[LedgerEntry]:
    """All entries, in order; whoever asks for figures of them asks a `LedgerReader`."""
    entries: list[LedgerEntry] = []
    while page := await ledger.list_from(len(entries) + 1, limit=_PAGE):
        entries += page
    return entries


def head_of(record: Record) -> LedgerHead:
    """The anchor of a record: its length and newest hash."""
    return LedgerHead(count=record.length, hash=record.head_hash)
