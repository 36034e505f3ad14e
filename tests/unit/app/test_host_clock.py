"""The host's clock is set, or the host sleeps: it is noticed, and runs are planned anew."""

import asyncio
from datetime import UTC, datetime, timedelta

from app.clock import ExchangeClock
from app.host_clock import HostClockWatch

START = datetime(2026, 1, 6, 8, tzinfo=UTC)


class Host:
    """Both clocks of a host."""

    def __init__(self) -> None:
        self.wall = START
        self.monotonic = 100.0

    def pass_time(self, seconds: float) -> None:
        self.monotonic += seconds
        self.wall += timedelta(seconds=seconds)

    def clock(self) -> ExchangeClock:
        clock = ExchangeClock(monotonic=lambda: self.monotonic, wall=lambda: self.wall)
        clock.align(self.wall, self.monotonic)
        return clock


def test_time_that_passes_is_no_step() -> None:
    host = Host()
    clock = host.clock()
    host.pass_time(3600)
    assert clock.host_step() == 0.0
    assert clock.age_seconds() == 3600.0


def test_a_clock_that_was_set_makes_exchange_time_doubtful_until_it_is_measured() -> None:
    host = Host()
    clock = host.clock()
    before = clock.now()
    host.wall -= timedelta(hours=1)
    assert clock.host_step() == -3600.0
    assert clock.age_seconds() == float("inf")
    assert clock.now() == before
    clock.align(before, host.monotonic)
    assert clock.host_step() == 0.0
    assert clock.age_seconds() == 0.0


async def test_a_step_is_told_once_and_again_after_the_next() -> None:
    host, told = Host(), list[float]()
    clock = host.clock()
    seen = asyncio.Event()

    async def on_step() -> None:
        told.append(clock.host_step())
        clock.align(host.wall, host.monotonic)
        seen.set()

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(HostClockWatch(clock, on_step, look_seconds=0.01).run())
        for hours in (1, -2):
            host.wall += timedelta(hours=hours)
            await asyncio.wait_for(seen.wait(), 10)
            seen.clear()
        watching.cancel()
    assert told == [3600.0, -7200.0]
