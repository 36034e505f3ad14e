"""Scheduled jobs: at the right boundaries, never two of one at once, none lost without a word."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from app.clock import ExchangeClock
from app.jobs import JobSchedule
from domain.errors import TemporaryVenueError
from domain.timeframes import Timeframe
from tests.fakes.clock import AFTERNOON

SPEED = 6_000.0
"""A quarter of an hour in 150 wall milliseconds, a minute in 10."""

M15 = Timeframe.M15


@dataclass
class Runs:
    """A job that notes when it ran, and does as told."""

    clock: ExchangeClock
    work: Callable[[], None] = lambda: None
    gate: asyncio.Event | None = None
    begun: list[datetime] = field(default_factory=list)
    ended: int = 0
    running: int = 0
    most_at_once: int = 0

    async def __call__(self) -> None:
        self.begun.append(self.clock.now())
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            self.work()
            if self.gate is not None:
                await self.gate.wait()
        finally:
            self.running -= 1
        self.ended += 1

    @property
    def boundaries(self) -> list[datetime]:
        return [M15.previous_boundary(at) for at in self.begun]


def fast_clock(speed: float = SPEED) -> ExchangeClock:
    clock = ExchangeClock(speed=speed)
    clock.align(AFTERNOON, clock.monotonic())
    return clock


@asynccontextmanager
async def scheduled(jobs: JobSchedule) -> AsyncIterator[None]:
    jobs.start()
    try:
        yield
    finally:
        await jobs.stop()


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(5000):
        if condition():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("what was waited for did not happen")


def assert_accounted_for(job: Runs, jobs: JobSchedule) -> None:
    """One run for a boundary, and none left out without being counted, on however busy a host."""
    assert all(earlier < later for earlier, later in pairwise(job.boundaries))
    length = round((job.boundaries[-1] - job.boundaries[0]) / M15.length) + 1
    left_out = length - len(job.begun)
    # What was missed since the newest run began is counted already, and made up for by the next.
    since = round((M15.previous_boundary(job.clock.now()) - job.boundaries[-1]) / M15.length)
    # On a busy host the first or the newest run may begin in the quarter after its own.
    missed = jobs.history.missed.get("decide", 0)
    assert left_out - 1 <= missed <= left_out + since + 1


async def test_job_runs_after_every_close() -> None:
    clock = fast_clock()
    jobs, job = JobSchedule(clock), Runs(clock)
    jobs.at_candle_close("decide", job, M15)
    async with scheduled(jobs):
        await until(lambda: len(job.begun) >= 4)
        assert_accounted_for(job, jobs)


async def test_delay_is_waited_for_in_exchange_time() -> None:
    clock = fast_clock(speed=900.0)
    jobs, job = JobSchedule(clock), Runs(clock)
    jobs.at_candle_close("follow", job, Timeframe.M1, delay_seconds=20.0)
    async with scheduled(jobs):
        await until(lambda: len(job.begun) >= 2)
    assert all(at - Timeframe.M1.previous_boundary(at) >= timedelta(seconds=20) for at in job.begun)


@pytest.mark.parametrize("seconds_back", [0.05, 5.0, 60.0])
async def test_clock_set_back_before_a_close_does_not_make_the_job_run_too_early(
    seconds_back: float,
) -> None:
    clock = fast_clock()
    jobs, job = JobSchedule(clock), Runs(clock)
    jobs.at_candle_close("decide", job, M15)
    async with scheduled(jobs):
        await until(lambda: clock.now() > AFTERNOON + timedelta(minutes=1))
        clock.align(clock.now() - timedelta(seconds=seconds_back), clock.monotonic())
        await until(lambda: len(job.begun) >= 3)
        assert_accounted_for(job, jobs)
    assert AFTERNOON not in job.boundaries


async def test_failing_run_is_not_the_end_of_the_job() -> None:
    clock = fast_clock()
    failures = [ValueError("a bug"), TemporaryVenueError("HTTP 502")]

    def work() -> None:
        if failures:
            raise failures.pop()

    jobs, job = JobSchedule(clock), Runs(clock, work=work)
    jobs.at_candle_close("decide", job, M15)
    with capture_logs() as logs:
        async with scheduled(jobs):
            await until(lambda: job.ended >= 2)
            assert_accounted_for(job, jobs)
    assert [each["log_level"] for each in logs if each["event"] == "job failed"] == [
        "warning",
        "error",
    ]
    assert len(job.begun) >= 4


async def test_run_that_takes_long_is_not_overlapped_and_what_it_missed_is_counted() -> None:
    clock = fast_clock()
    jobs, job = JobSchedule(clock), Runs(clock, gate=asyncio.Event())
    assert job.gate is not None
    jobs.at_candle_close("decide", job, M15)
    async with scheduled(jobs):
        await until(lambda: jobs.history.missed.get("decide", 0) >= 2)
        assert len(job.begun) == 1
        job.gate.set()
        await until(lambda: job.ended >= 3)
        assert_accounted_for(job, jobs)
    assert job.most_at_once == 1


async def test_runs_that_fell_into_a_standstill_become_one_and_are_counted() -> None:
    clock = fast_clock()

    def stand_still_once() -> None:
        if len(job.begun) == 2:
            time.sleep(0.66)

    jobs = JobSchedule(clock)
    job = Runs(clock, work=stand_still_once)
    jobs.at_candle_close("decide", job, M15)
    async with scheduled(jobs):
        await until(lambda: job.ended >= 5)
        assert_accounted_for(job, jobs)
    assert jobs.history.missed["decide"] >= 2


async def test_readings_tell_failures_in_a_row_and_how_late_a_run_began() -> None:
    clock = fast_clock()

    def fail_twice_then_block() -> None:
        if len(job.begun) <= 2:
            raise TemporaryVenueError("away")

    jobs = JobSchedule(clock)
    job = Runs(clock, work=fail_twice_then_block)
    jobs.at_candle_close("decide", job, M15)
    assert jobs.history.readings()[0].last_run_at is None
    with capture_logs():
        async with scheduled(jobs):
            await until(lambda: jobs.history.readings()[0].failures == 2)
            failing = jobs.history.readings()[0]
            await until(lambda: jobs.history.readings()[0].last_good_at is not None)
            well = jobs.history.readings()[0]
    assert (failing.name, failing.last_error, failing.last_good_at) == ("decide", "away", None)
    assert (well.failures, well.last_error) == (0, None)
    assert well.period_seconds == pytest.approx(900.0 / SPEED)
    assert well.last_run_at is not None
    assert 0 <= well.lateness_seconds < 5


async def test_two_jobs_do_not_wait_for_each_other() -> None:
    clock = fast_clock()
    jobs = JobSchedule(clock)
    stuck, other = Runs(clock, gate=asyncio.Event()), Runs(clock)
    assert stuck.gate is not None
    jobs.at_candle_close("decide", stuck, M15)
    jobs.at_candle_close("follow", other, M15)
    async with scheduled(jobs):
        await until(lambda: other.ended >= 3)
        stuck.gate.set()
    assert jobs.history.missed.keys() <= {"decide"}


async def test_interval_is_told_in_exchange_time_but_never_below_half_a_wall_second() -> None:
    clock = fast_clock()
    jobs, job = JobSchedule(clock), Runs(clock)
    jobs.every("scan", job, exchange_seconds=60.0)
    async with scheduled(jobs):
        started = clock.monotonic()
        await until(lambda: len(job.begun) >= 1)
    assert clock.monotonic() - started >= 0.49


async def test_interval_that_costs_requests_keeps_the_wall_time_asked_for() -> None:
    clock = fast_clock()
    jobs, poll, scan = JobSchedule(clock), Runs(clock), Runs(clock)
    jobs.every("poll", poll, exchange_seconds=15.0, shortest_wall_seconds=0.2)
    jobs.every("scan", scan, exchange_seconds=18_000.0, shortest_wall_seconds=0.2)
    async with scheduled(jobs):
        started = clock.monotonic()
        await until(lambda: len(poll.begun) >= 2)
        assert clock.monotonic() - started >= 0.39
        await until(lambda: len(scan.begun) >= 1)
        assert clock.monotonic() - started >= 0.99


async def test_jobs_of_another_phase_of_an_interval_begin_one_after_the_other() -> None:
    clock = fast_clock()
    jobs = JobSchedule(clock)
    early, late, usual = Runs(clock), Runs(clock), Runs(clock)
    second = clock.speed
    for name, job, phase in (("early", early, 0.1), ("late", late, 0.6)):
        jobs.every(name, job, exchange_seconds=second, shortest_wall_seconds=0.1, phase=phase)
    jobs.every("usual", usual, exchange_seconds=second, shortest_wall_seconds=0.1)
    started = clock.now()
    async with scheduled(jobs):
        await until(lambda: bool(early.begun and late.begun and usual.begun))
    after = {
        name: (job.begun[0] - started).total_seconds() / second
        for name, job in (("early", early), ("late", late), ("usual", usual))
    }
    assert after["early"] >= 0.09
    assert after["late"] >= 0.59
    assert after["usual"] >= 0.99
    assert after["early"] < after["late"] < after["usual"]
    assert after["usual"] - after["early"] > 0.3


async def test_stop_waits_for_the_run_under_way_and_begins_no_other() -> None:
    clock = fast_clock()
    jobs, job = JobSchedule(clock), Runs(clock, gate=asyncio.Event())
    assert job.gate is not None
    jobs.at_candle_close("decide", job, M15)
    jobs.start()
    await until(lambda: job.running == 1)
    stopping = asyncio.create_task(jobs.stop())
    await asyncio.sleep(0.15)
    assert not stopping.done()
    job.gate.set()
    await stopping
    assert (job.ended, len(job.begun)) == (1, 1)
    await asyncio.sleep(0.12)
    assert len(job.begun) == 1


async def test_stop_twice_or_before_the_start_is_harmless() -> None:
    jobs = JobSchedule(fast_clock())
    await jobs.stop()
    jobs.start()
    await jobs.stop()
    await asyncio.sleep(0)
    await jobs.stop()
