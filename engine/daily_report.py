"""Use case: publish the report of a UTC day, once and only once."""

from datetime import UTC, date, datetime, time, timedelta

from domain.ledger import GENESIS_HASH, LedgerEntry
from domain.messages import CHANNEL, OutgoingMessage
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import LedgerRepository, Storage
from engine.reports import DailyReport, LedgerHead
from engine.statistics import compute_statistics

_PAGE = 1000


class PublishDailyReport:
    """Computes yesterday's report from the ledger and queues it under a key of its day.

    The key makes it go out once, however often this runs and whatever restarts in between.
    """

    def __init__(self, *, storage: Storage, presenter: Presenter, clock: Clock) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock

    async def __call__(self) -> DailyReport | None:
        """Publish yesterday's report; None when it is out already, or nothing ran yesterday."""
        day = self._clock.now().date() - timedelta(days=1)
        key = f"report:{day.isoformat()}"
        async with self._storage() as unit:
            start, end = day_bounds(day)
            decisions = await unit.decisions.count_between(start, end)
            if await unit.outbox.find_by_key(key) is not None or decisions.decided == 0:
                return None
            entries = await read_ledger(unit.ledger)
            report = DailyReport(
                day=day,
                statistics=compute_statistics(entries, start, end),
                decisions=decisions,
                head=head_of(entries),
            )
            text = self._presenter.daily_report(report)
            message = OutgoingMessage(key=key, recipient=CHANNEL, text=text, silent=True)
            await unit.outbox.put([message], at=self._clock.now())
            await unit.commit()
        return report


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of a UTC day and of the next one."""
    start = datetime.combine(day, time(), UTC)
    return start, start + timedelta(days=1)


def head_of(entries: list[LedgerEntry]) -> LedgerHead:
    """The anchor of a record: its length and newest hash."""
    return LedgerHead(count=len(entries), hash=entries[-1].hash if entries else GENESIS_HASH)


async def read_ledger(ledger: LedgerRepository) -> list[LedgerEntry]:
    """All entries, in order."""
    entries: list[LedgerEntry] = []
    while page := await ledger.list_from(len(entries) + 1, limit=_PAGE):
        entries += page
    return entries
