"""Use case: the daily digest to operators, once for each UTC day, also across restarts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.access import Role
from domain.feeds import FeedState
from domain.messages import OutgoingMessage
from engine.monitoring.digest_values import Counts, Digest, Machine
from engine.monitoring.extremes import Extremes
from engine.monitoring.telling import TellOperators
from engine.monitoring.values import Finding, HealthReading, LatencySummary, Notice
from engine.ports.clock import Clock
from engine.ports.presenting import OperatorPresenter
from engine.ports.storage import DecisionCounts, Storage, UnitOfWork
from engine.reports import Period
from engine.spans import Span, newest_span

_TROUBLED: Final = (FeedState.FAILING, FeedState.RESTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSources:
    """Where a digest is taken from: latencies and the highest values are those since `start_over`,
    counts those since the start of the process.
    """

    latency: Callable[[], Sequence[LatencySummary]]
    counts: Callable[[], Counts]
    newest: Callable[[], HealthReading | None]
    standing: Callable[[], Sequence[Finding]]
    extremes: Extremes
    start_over: Callable[[], None]


class PublishDigest:
    """Queues the digest of the day that is over for every admin, and hands it to the notifier.

    Its key names the day, so it goes out once, however often this runs and whatever restarts. A day
    that ended while the bot was down is made up for where something was decided in it.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        sources: DigestSources,
        operators: TellOperators,
        presenter: OperatorPresenter,
        clock: Clock,
        on_wake: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._sources = sources
        self._operators = operators
        self._presenter = presenter
        self._clock = clock
        self._on_wake = on_wake
        self._began_at = clock.now()
        self._since = self._began_at
        self._counted = Counts()
        self._done: date | None = None

    def begin(self) -> None:
        """The clock follows exchange time from now on: what is counted, is counted since now."""
        self._began_at = self._since = self._clock.now()

    async def __call__(self) -> Digest | None:
        """Publish what is due; None when it is out already, or there is nothing to tell."""
        span = newest_span(Period.DAY, self._clock.now().date())
        if self._done == span.first:
            return None
        infos = self._operators.infos()
        async with self._storage() as unit:
            digest = await self._put(unit, span, infos)
            await unit.commit()
        self._done = span.first
        if digest is not None:
            self._on_wake()
            self._operators.tell_digest(self._presenter.digest_in_words(digest), digest.at)
            self._operators.forget_infos(infos)
            self._start_over(digest)
        return digest

    async def _put(self, unit: UnitOfWork, span: Span, infos: Sequence[Notice]) -> Digest | None:
        admins = await unit.users.list_with(Role.ADMIN)
        for admin in admins:
            if await unit.outbox.find_by_key(_key(span.first, admin)) is not None:
                return None
        decisions = await unit.decisions.count_between(span.start, span.end)
        was_running = self._began_at < span.end
        if not was_running and not (admins and decisions.decided):
            return None
        digest = self._digest(span.first, decisions, infos)
        text = self._presenter.digest(digest)
        messages = [
            OutgoingMessage(
                key=_key(span.first, admin), recipient=str(admin), text=text, silent=True
            )
            for admin in admins
        ]
        await unit.outbox.put(messages, at=digest.at)
        return digest

    def _digest(self, day: date, decisions: DecisionCounts, infos: Sequence[Notice]) -> Digest:
        sources, reading = self._sources, self._sources.newest()
        standing = tuple(sources.standing())
        subjects = {finding.subject for finding in standing}
        feeds = () if reading is None else reading.feeds
        return Digest(
            day=day,
            at=self._clock.now(),
            since=self._since,
            decisions=decisions,
            counts=sources.counts().since(self._counted),
            latency=tuple(sources.latency()),
            machine=None if reading is None else _machine(reading, sources.extremes),
            feeds=tuple(feed for feed in feeds if feed.state in _TROUBLED),
            standing=standing,
            notices=tuple(n for n in infos if n.subject not in subjects),
            dropped=self._operators.dropped,
            given_up=self._operators.given_up,
        )

    def _start_over(self, digest: Digest) -> None:
        self._since = digest.at
        self._counted = self._sources.counts()
        self._sources.extremes.start_over()
        self._sources.start_over()


def _machine(reading: HealthReading, extremes: Extremes) -> Machine:
    return Machine(
        memory_bytes=reading.process.memory_bytes,
        memory_highest_bytes=max(extremes.memory_bytes, reading.process.memory_bytes),
        disk_free_bytes=reading.process.disk_free_bytes,
        weight_highest_share=extremes.weight_share,
        lag_longest_seconds=extremes.lag_seconds,
    )


def _key(day: date, admin: int) -> str:
    return f"digest:{day}:{admin}"
