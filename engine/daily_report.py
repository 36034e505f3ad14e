"""Use case: publish the report of each UTC day, once and only once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from domain.ledger import GENESIS_HASH, LedgerEntry
from domain.messages import CHANNEL, OutgoingMessage
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import LedgerRepository, Storage, UnitOfWork
from engine.reports import DailyReport, LedgerHead
from engine.statistics import compute_statistics

_PAGE = 1000
_CATCH_UP_DAYS = 7
"""How far back reports are made up for."""


class PublishDailyReport:
    """Computes reports from the ledger and queues each under a key of its day.

    The key makes a report go out once, however often this runs and whatever restarts in between.
    Days that passed while the bot was down are reported when it is back.
    """

    def __init__(self, *, storage: Storage, presenter: Presenter, clock: Clock) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock

    async def __call__(self) -> list[DailyReport]:
        """Publish what is due, oldest day first; empty when all of it is out already.

        A day is due when it is over and something was decided or ended on it.
        """
        today = self._clock.now().date()
        days = [today - timedelta(days=back) for back in range(_CATCH_UP_DAYS, 0, -1)]
        async with self._storage() as unit:
            missing = [day for day in days if await unit.outbox.find_by_key(_key(day)) is None]
            if not missing:
                return []
            entries = await read_ledger(unit.ledger)
            found = [await self._report(unit, day, entries) for day in missing]
            reports = [report for report in found if report is not None]
            await unit.outbox.put([self._message(one) for one in reports], at=self._clock.now())
            await unit.commit()
        return reports

    async def _report(
        self, unit: UnitOfWork, day: date, entries: Sequence[LedgerEntry]
    ) -> DailyReport | None:
        start, end = day_bounds(day)
        decisions = await unit.decisions.count_between(start, end)
        statistics = compute_statistics(entries, start, end)
        if decisions.decided == 0 and not statistics.results:
            return None
        return DailyReport(
            day=day, statistics=statistics, decisions=decisions, head=head_of(entries)
        )

    def _message(self, report: DailyReport) -> OutgoingMessage:
        return OutgoingMessage(
            key=_key(report.day),
            recipient=CHANNEL,
            text=self._presenter.daily_report(report),
            silent=True,
        )


def _key(day: date) -> str:
    return f"report:{day.isoformat()}"


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of a UTC day and of the next one."""
    start = datetime.combine(day, time(), UTC)
    return start, start + timedelta(days=1)


def head_of(entries: Sequence[LedgerEntry]) -> LedgerHead:
    """The anchor of a record: its length and newest hash."""
    return LedgerHead(count=len(entries), hash=entries[-1].hash if entries else GENESIS_HASH)


async def read_ledger(ledger: LedgerRepository) -> list[LedgerEntry]:
    """All entries, in order."""
    entries: list[LedgerEntry] = []
    while page := await ledger.list_from(len(entries) + 1, limit=_PAGE):
        entries += page
    return entries
