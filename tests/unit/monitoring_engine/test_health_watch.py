"""What begins and what ends is noted once, when it is certain."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.values import ClockReading, HealthReading, Notice, Severity, StoreReading
from engine.monitoring.watch import WatchHealth
from tests.builders.health import (
    PROCESS,
    make_job,
    make_outbox,
    make_reading,
    make_streams,
    make_task,
    make_telegram,
    make_young,
)
from tests.fakes.clock import HandClock, run_leaping

GOOD = make_reading()
SCARCE = make_reading(process=replace(PROCESS, disk_free_bytes=1_000_000_000))
FULL = make_reading(process=replace(PROCESS, disk_free_bytes=1_000_000))
AWAY = make_reading(database=StoreReading(name="SQLite", error="locked", milliseconds=None))
STALLED = make_reading(process=replace(PROCESS, loop_lag_seconds=60.0, stalls=1))
STUCK = make_reading(outbox=make_outbox(pending=9, oldest_minutes=45))
LIMITS = HealthParameters()
BROKEN = RuntimeError("no pulse")


class Watched:
    """A watch over readings given one by one, five minutes apart."""

    def __init__(self, told: Mapping[str, Severity] | None = None) -> None:
        self.clock = HandClock()
        self.notices: list[Notice] = []
        self.given: HealthReading | Exception = GOOD
        self.watch = WatchHealth(
            read=self._read,
            note=self.notices.append,
            parameters=LIMITS,
            clock=self.clock,
            told=lambda: told or {},
        )

    async def see(self, *readings: HealthReading | Exception) -> list[tuple[str, str]]:
        """What is noted of these readings: subject, and severity or "over"."""
        before = len(self.notices)
        for reading in readings:
            self.clock.advance(300)
            self.given = reading
            await self.watch()
        return [
            (one.subject, "over" if one.is_resolved else one.severity.value)
            for one in self.notices[before:]
        ]

    async def _read(self) -> HealthReading:
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


async def test_a_warning_is_noted_when_a_second_reading_confirms_it() -> None:
    watched = Watched()
    assert await watched.see(SCARCE) == []
    assert not watched.watch.standing
    assert await watched.see(SCARCE) == [("disk", "warning")]
    assert await watched.see(SCARCE, SCARCE) == []
    assert [finding.subject for finding in watched.watch.standing] == ["disk"]


async def test_a_warning_that_comes_and_goes_is_not_noted() -> None:
    assert await Watched().see(SCARCE, GOOD, SCARCE, GOOD, SCARCE) == []


async def test_a_critical_trouble_is_noted_at_once() -> None:
    assert await Watched().see(AWAY) == [("database", "critical")]


async def test_the_end_is_noted_when_a_second_reading_confirms_it() -> None:
    watched = Watched()
    await watched.see(AWAY)
    assert await watched.see(GOOD) == []
    assert await watched.see(AWAY, GOOD) == []
    assert await watched.see(GOOD) == [("database", "over")]
    assert watched.notices[-1].text.startswith("over after 20 min. It was: SQLite does not answer")
    assert watched.notices[-1].severity is Severity.CRITICAL
    assert not watched.watch.standing
    assert await watched.see(GOOD, GOOD) == []


async def test_a_trouble_that_gets_worse_is_noted_again_and_one_that_eases_is_not() -> None:
    watched = Watched()
    assert await watched.see(SCARCE, SCARCE) == [("disk", "warning")]
    assert await watched.see(FULL) == [("disk", "critical")]
    assert await watched.see(SCARCE, FULL, SCARCE) == []
    assert [finding.severity for finding in watched.watch.standing] == [Severity.WARNING]
    assert await watched.see(GOOD, GOOD) == [("disk", "over")]
    assert watched.notices[-1].severity is Severity.CRITICAL


async def test_a_reading_that_fails_is_a_trouble_and_leaves_the_others_as_they_are() -> None:
    watched = Watched()
    await watched.see(AWAY)
    assert await watched.see(BROKEN, BROKEN) == [("health reading", "warning")]
    assert "RuntimeError: no pulse" in watched.notices[-1].text
    assert {one.subject for one in watched.watch.standing} == {"database", "health reading"}
    assert watched.watch.newest == AWAY
    assert await watched.see(AWAY, AWAY) == [("health reading", "over")]
    assert await watched.see(GOOD, GOOD) == [("database", "over")]


def test_a_reading_that_hangs_is_given_up() -> None:
    async def hang() -> HealthReading:
        await asyncio.Event().wait()
        return GOOD

    async def watch_twice() -> list[Notice]:
        notices: list[Notice] = []
        parameters = HealthParameters(reading_seconds=10)
        watch = WatchHealth(
            read=hang, note=notices.append, parameters=parameters, clock=HandClock()
        )
        await watch()
        await watch()
        return notices

    assert [one.subject for one in run_leaping(watch_twice())] == ["health reading"]


async def test_what_was_told_before_a_restart_is_not_noted_again_but_its_end_is() -> None:
    watched = Watched({"database": Severity.CRITICAL, "disk": Severity.WARNING})
    assert await watched.see(AWAY, AWAY) == [("disk", "over")]
    assert watched.notices[-1].text == "over"
    watched = Watched({"disk": Severity.WARNING})
    assert await watched.see(SCARCE, SCARCE) == []
    assert await watched.see(FULL) == [("disk", "critical")]


async def test_one_long_stall_of_the_event_loop_is_noted_from_one_reading() -> None:
    watched = Watched()
    assert await watched.see(STALLED) == [("event loop", "warning")]
    assert await watched.see(GOOD, GOOD, GOOD) == [("event loop", "over")]


async def test_an_outbox_that_cannot_be_read_is_not_called_well() -> None:
    watched = Watched()
    assert await watched.see(STUCK) == [("outbox", "critical")]
    unread = replace(AWAY, outbox=None)
    assert await watched.see(unread, unread, unread) == [("database", "critical")]
    assert {one.subject for one in watched.watch.standing} == {"database", "outbox"}
    assert await watched.see(STUCK, STUCK) == [("database", "over")]
    assert await watched.see(GOOD, GOOD, GOOD) == [("outbox", "over")]


async def test_an_account_halted_before_a_restart_is_over_when_it_was_compared_and_not_before() -> (
    None
):
    halted = make_reading(halted_accounts=["operator: operator: the key is refused"])
    told = {"account operator": Severity.CRITICAL}
    watched = Watched(told)
    assert await watched.see(make_young(halted), make_young(GOOD), make_young(GOOD)) == []
    assert await watched.see(halted, halted) == []
    assert [one.subject for one in watched.watch.standing] == ["account operator"]
    told.clear()
    assert await watched.see(GOOD, GOOD, GOOD) == [("account operator", "over")]


NOT_BEGUN = replace(
    make_young(GOOD),
    streams=make_streams(None),
    clock=ClockReading(skew_seconds=0.0, age_seconds=None),
    telegram=make_telegram(failures=1, good_minutes_ago=None),
    jobs=(make_job(last_run_at=None),),
    tasks=(),
    last_decision_at=None,
    pairs_watched=0,
    pairs_ready=0,
)


@pytest.mark.parametrize(
    "subject",
    [
        "bot",
        "account operator",
        "clock measurement",
        "clock skew",
        "decision",
        "job report",
        "job scan",
        "pairs ready",
        "stream book",
        "stream candles",
        "stream trades",
        "task desk",
        "telegram",
        "watchlist",
    ],
)
async def test_a_start_ends_nothing_by_what_has_not_begun_yet_and_is_over_once(
    subject: str,
) -> None:
    told = {subject: Severity.CRITICAL}
    watched = Watched(told)
    waiting = replace(NOT_BEGUN, streams=())
    assert await watched.see(NOT_BEGUN, NOT_BEGUN, waiting, waiting) == []
    assert await watched.see(GOOD) == []
    told.clear()
    assert await watched.see(GOOD, GOOD, GOOD) == [(subject, "over")]


async def test_a_missing_decision_is_not_over_because_somebody_pauses() -> None:
    missing, paused = (
        make_reading(last_decision_at=None, is_paused=is_paused) for is_paused in (False, True)
    )
    watched = Watched()
    assert await watched.see(missing, paused, paused, paused) == [("decision", "critical")]
    assert await watched.see(GOOD, GOOD) == [("decision", "over")]


async def test_what_nobody_can_read_is_not_called_over() -> None:
    watched = Watched({"daily digest": Severity.WARNING})
    assert await watched.see(GOOD, GOOD, GOOD) == []


async def test_a_crash_told_by_its_task_is_over_when_the_task_runs() -> None:
    watched = Watched({"task stream": Severity.WARNING})
    running = make_reading(tasks=[make_task("stream", crashes=1)])
    assert await watched.see(running, running) == [("task stream", "over")]


async def test_the_highest_since_the_last_digest_is_kept() -> None:
    watched = Watched()
    high = make_reading(process=replace(PROCESS, memory_bytes=700_000_000, loop_lag_seconds=0.6))
    await watched.see(high, GOOD)
    extremes = watched.watch.extremes
    assert (extremes.memory_bytes, extremes.lag_seconds) == (700_000_000, 0.6)
    assert extremes.weight_share == 0.156
    extremes.start_over()
    await watched.see(GOOD)
    assert extremes.memory_bytes == 412_000_000
