"""Use case: publish the report of each UTC day, week and month, once and only once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import FollowedSignal
from engine.lifecycle import followed_until
from engine.ports.clock import Clock
from engine.ports.storage import Storage, UnitOfWork
from engine.record_reading import head_of
from engine.reports import Period, PeriodReport
from engine.spans import Span, newest_span, spans_over
from engine.statistics import (
    LedgerReader,
    Record,
    StatisticsParameters,
    calibrate,
    statistics_of,
)

_CATCH_UP: Final = {Period.DAY: 7, Period.WEEK: 2, Period.MONTH: 1}
"""How many of each are made up for."""

_LONGEST_WAIT: Final = timedelta(hours=6)
"""For so long a report waits for candles of signals that may have ended before its period did."""

ReadOverride = Callable[[UnitOfWork], Awaitable[str]]
"""The operator's own reason to trade live without a passed gate, empty when there is none."""


async def _no_override(_unit: UnitOfWork) -> str:
    return ""


class PublishReports:
    """Computes reports from the ledger and queues each under a key of its period.

    The key makes a report go out once, however often this runs and whatever restarts in between.
    Periods that ended while the bot was down are reported when it is back. As long as a live signal
    was not followed to the end of a period, its outcome may still fall into it: the report waits.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        reader: LedgerReader,
        render: Callable[[PeriodReport], str],
        clock: Clock,
        parameters: StatisticsParameters,
        live_override: ReadOverride = _no_override,
    ) -> None:
        self._storage = storage
        self._reader = reader
        self._render = render
        self._clock = clock
        self._parameters = parameters
        self._live_override = live_override
        self._waiting_since: datetime | None = None

    async def __call__(self) -> list[PeriodReport]:
        """Publish what is due, in order of its end; empty when all of it is out already.

        A period is due when it is over and something was decided or ended in it.
        """
        spans = spans_over(self._clock.now().date(), _CATCH_UP)
        async with self._storage() as unit:
            over = [span for span in spans if await _is_due(unit, span)]
            live = await unit.signals.list_live() if over else []
            due = self._without_waiting(over, live)
            if not due:
                return []
            record = await self._reader(unit.ledger)
            override = await self._live_override(unit)
            reports = [
                replace(
                    await _report(unit, span, record, self._parameters, override),
                    unfollowed=_count_unfollowed(live, span),
                )
                for span in due
            ]
            await unit.outbox.put([self._message(one) for one in reports], at=self._clock.now())
            await unit.commit()
        return reports

    def _without_waiting(self, due: list[Span], live: Sequence[FollowedSignal]) -> list[Span]:
        now = self._clock.now()
        complete = [span for span in due if not _count_unfollowed(live, span)]
        if len(complete) == len(due):
            self._waiting_since = None
            return due
        self._waiting_since = self._waiting_since or now
        return due if now - self._waiting_since >= _LONGEST_WAIT else complete

    def _message(self, report: PeriodReport) -> OutgoingMessage:
        return OutgoingMessage(
            key=_key(report.period, report.day),
            recipient=CHANNEL,
            text=self._render(report),
            silent=True,
        )


class ReadReport:
    """The report on the newest day, week or month that is over, for whoever asks."""

    def __init__(
        self,
        *,
        storage: Storage,
        reader: LedgerReader,
        clock: Clock,
        parameters: StatisticsParameters,
        live_override: ReadOverride = _no_override,
    ) -> None:
        self._storage = storage
        self._reader = reader
        self._clock = clock
        self._parameters = parameters
        self._live_override = live_override

    async def __call__(self, period: Period) -> PeriodReport:
        """As it was published, or would have been, but with the head as it is now."""
        span = newest_span(period, self._clock.now().date())
        async with self._storage() as unit:
            record = await self._reader(unit.ledger)
            override = await self._live_override(unit)
            return await _report(unit, span, record, self._parameters, override)


async def _report(
    unit: UnitOfWork,
    span: Span,
    record: Record,
    parameters: StatisticsParameters,
    live_override: str,
) -> PeriodReport:
    # A long record takes a while to add up, and the next close must not wait for it.
    statistics = await asyncio.to_thread(statistics_of, record, span.start, span.end)
    return PeriodReport(
        period=span.period,
        day=span.first,
        statistics=statistics,
        decisions=await unit.decisions.count_between(span.start, span.end),
        calibration=calibrate(statistics.results, parameters),
        tripped=tuple(await unit.state.list_breaker_events(span.start, span.end)),
        head=head_of(record),
        live_override=live_override,
    )


def _count_unfollowed(live: Sequence[FollowedSignal], span: Span) -> int:
    """Live signals with candles in the span that they were not followed through."""
    return sum(followed_until(each.signal, each.course) < span.end for each in live)


async def _is_due(unit: UnitOfWork, span: Span) -> bool:
    if await unit.outbox.find_by_key(_key(span.period, span.first)) is not None:
        return False
    decisions = await unit.decisions.count_between(span.start, span.end)
    if decisions.decided:
        return True
    return bool(await unit.signals.list_ended_between(span.start, span.end))


def _key(period: Period, first: date) -> str:
    return f"report:{first}" if period is Period.DAY else f"report:{period}:{first}"
