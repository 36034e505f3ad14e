"""The daily digest goes out once for each day, whatever restarts, and tells what it should."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import StorageUnavailableError
from domain.feeds import FeedState
from engine.monitoring.digest import DigestSources, PublishDigest
from engine.monitoring.digest_values import Counts, Digest
from engine.monitoring.extremes import Extremes
from engine.monitoring.values import Finding, HealthReading, LatencySummary, Severity
from engine.ports.storage import DecisionRecord
from tests.builders.health import (
    PROCESS,
    make_finding,
    make_latency,
    make_notice,
    make_reading,
)
from tests.builders.outside import make_feed_health
from tests.builders.signals import make_decision
from tests.fakes.clock import AFTERNOON, HandClock
from tests.unit.monitoring_engine.operators import ADMINS, BriefPresenter, MovingStorage, Room

MIDNIGHT = AFTERNOON.replace(hour=0)
TOMORROW = MIDNIGHT + timedelta(days=1, minutes=2)


class Sources:
    """What a digest is taken from, to be set by hand."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.reading: HealthReading | None = make_reading()
        self.standing: Sequence[Finding] = ()
        self.latency: tuple[LatencySummary, ...] = make_latency()
        self.extremes = Extremes()

    def as_values(self) -> DigestSources:
        return DigestSources(
            latency=lambda: self.latency,
            counts=lambda: self.counts,
            newest=lambda: self.reading,
            standing=lambda: self.standing,
            extremes=self.extremes,
            start_over=self._start_over,
        )

    def _start_over(self) -> None:
        self.latency = ()


class Office:
    """A process that publishes digests; another one on the same storage is a restart."""

    def __init__(self, clock: HandClock, storage: MovingStorage | None = None) -> None:
        self.room = Room(clock, storage=storage)
        self.sources = Sources()
        self.publish = PublishDigest(
            storage=self.room.storage,
            sources=self.sources.as_values(),
            operators=self.room.operators,
            presenter=BriefPresenter(),
            clock=clock,
            on_wake=self.room._wake,
        )

    async def must_publish(self) -> Digest:
        digest = await self.publish()
        assert digest is not None
        return digest

    async def keys(self) -> list[str]:
        return [row.message.key for row in await self.room.storage.rows("digest:")]

    async def to_notifier(self) -> list[list[str]]:
        await self.room.operators.flush(1)
        return self.room.notifier.taken


async def an_office(*, has_admins: bool = True) -> Office:
    office = Office(HandClock())
    if has_admins:
        await office.room.add_admins()
    return office


async def decide(storage: MovingStorage) -> None:
    async with storage.kept() as unit:
        await unit.decisions.add([DecisionRecord(decision=make_decision(None, score=50))])
        await unit.commit()


async def test_the_day_that_is_over_is_told_once_to_every_admin_and_the_notifier() -> None:
    office = await an_office()
    office.room.clock.set(TOMORROW)
    digest = await office.must_publish()
    assert (digest.day, digest.at, digest.since) == (MIDNIGHT.date(), TOMORROW, AFTERNOON)
    assert await office.publish() is None
    assert await office.keys() == [f"digest:2025-10-06:{admin}" for admin in ADMINS]
    assert await office.to_notifier() == [["daily digest info"]]
    assert office.room.wakes == 1
    (row, _) = await office.room.storage.rows("digest:")
    assert (row.message.text, row.message.silent) == ("<b>2025-10-06</b>", True)


async def test_a_restart_does_not_tell_a_day_again() -> None:
    office = await an_office()
    office.room.clock.set(TOMORROW)
    await decide(office.room.storage)
    await office.must_publish()
    again = Office(office.room.clock, office.room.storage)
    assert await again.publish() is None
    assert await again.to_notifier() == []


async def test_a_day_that_ended_while_the_bot_was_down_is_made_up_for() -> None:
    office = await an_office()
    await decide(office.room.storage)
    office.room.clock.set(TOMORROW)
    again = Office(office.room.clock, office.room.storage)
    digest = await again.must_publish()
    assert (digest.decisions.decided, digest.since) == (1, TOMORROW)


async def test_of_a_day_without_anything_nothing_is_told() -> None:
    office = await an_office()
    assert await office.publish() is None
    assert await office.keys() == []


async def test_without_admins_the_notifier_is_told() -> None:
    office = await an_office(has_admins=False)
    assert await office.publish() is None
    office.room.clock.set(TOMORROW)
    await office.must_publish()
    assert await office.publish() is None
    assert await office.to_notifier() == [["daily digest info"]]
    again = Office(office.room.clock, office.room.storage)
    await decide(office.room.storage)
    assert await again.publish() is None


async def test_while_the_database_is_away_the_day_waits() -> None:
    office = await an_office()
    office.room.clock.set(TOMORROW)
    office.sources.counts = Counts(closes=40)
    office.room.operators.note(make_notice("runs", Severity.INFO))
    office.room.storage.is_away = True
    with pytest.raises(StorageUnavailableError):
        await office.publish()
    office.room.storage.is_away = False
    digest = await office.must_publish()
    assert digest.counts.closes == 40
    assert [notice.subject for notice in digest.notices] == ["runs"]


async def test_each_day_counts_from_the_last_digest_on() -> None:
    office = await an_office()
    office.sources.counts = Counts(closes=40, messages=7, stalls=2)
    office.sources.extremes.take(make_reading(process=replace(PROCESS, memory_bytes=600_000_000)))
    office.room.clock.set(TOMORROW)
    first = await office.must_publish()
    assert first.counts == Counts(closes=40, messages=7, stalls=2)
    assert first.latency == make_latency()
    assert first.machine is not None
    assert first.machine.memory_highest_bytes == 600_000_000
    office.sources.counts = Counts(closes=136, messages=7, stalls=3, crashes=1)
    office.room.clock.set(TOMORROW + timedelta(days=1))
    second = await office.must_publish()
    assert second.counts == Counts(closes=96, stalls=1, crashes=1)
    assert (second.since, second.latency) == (TOMORROW, ())
    assert second.machine is not None
    assert second.machine.memory_highest_bytes == second.machine.memory_bytes == 412_000_000


async def test_a_digest_tells_what_stands_and_what_was_noted_each_once() -> None:
    office = await an_office()
    failing = make_feed_health("bad", FeedState.FAILING)
    office.sources.reading = make_reading(feeds=[make_feed_health("good"), failing])
    office.sources.standing = [make_finding("feeds", Severity.INFO)]
    for subject in ("feeds", "missed runs"):
        office.room.operators.note(make_notice(subject, Severity.INFO))
    office.room.clock.set(TOMORROW)
    digest = await office.must_publish()
    assert digest.feeds == (failing,)
    assert [finding.subject for finding in digest.standing] == ["feeds"]
    assert [notice.subject for notice in digest.notices] == ["missed runs"]
    assert office.room.operators.infos() == ()


async def test_a_process_that_began_after_midnight_has_seen_nothing_of_the_day() -> None:
    office = await an_office()
    office.room.clock.set(TOMORROW)
    office.publish.begin()
    assert await office.publish() is None
    office.room.clock.set(TOMORROW + timedelta(days=1))
    assert (await office.must_publish()).since == TOMORROW


async def test_before_the_first_reading_the_machine_is_not_known() -> None:
    office = await an_office()
    office.sources.reading = None
    office.room.clock.set(TOMORROW)
    digest = await office.must_publish()
    assert (digest.machine, digest.feeds) == (None, ())
