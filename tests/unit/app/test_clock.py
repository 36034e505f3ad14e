"""The exchange clock: extrapolates, follows, and converts to host time and back."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import ExchangeClock, wall_now
from tests.fakes.clock import run_leaping

HOST = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
VENUE = datetime(2025, 10, 6, 14, 0, tzinfo=UTC)


@dataclass
class Host:
    """A host whose wall clock and monotonic clock a test moves."""

    wall: datetime = HOST
    seconds: float = 5000.0
    speed: float = 1.0
    clock: ExchangeClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = ExchangeClock(
            speed=self.speed, monotonic=lambda: self.seconds, wall=lambda: self.wall
        )

    def pass_time(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds


def test_until_it_is_aligned_it_shows_host_time() -> None:
    host = Host()
    assert host.clock.now() == HOST
    host.pass_time(60)
    assert host.clock.now() == HOST + timedelta(minutes=1)


def test_host_time_that_jumps_does_not_move_it() -> None:
    host = Host()
    host.clock.align(VENUE, host.seconds)
    host.wall += timedelta(hours=1)
    assert host.clock.now() == VENUE


@pytest.mark.parametrize(("speed", "passed"), [(1.0, 30), (600.0, 18_000), (0.5, 15)])
def test_aligned_it_goes_on_from_there_at_its_speed(speed: float, passed: int) -> None:
    host = Host(speed=speed)
    host.clock.align(VENUE, host.seconds)
    host.pass_time(30)
    assert host.clock.now() == VENUE + timedelta(seconds=passed)


def test_reading_of_a_moment_ago_is_dated_to_that_moment() -> None:
    host = Host(speed=600.0)
    read_at = host.seconds
    host.pass_time(0.1)
    host.clock.align(VENUE, read_at)
    assert host.clock.now() == VENUE + timedelta(minutes=1)


def test_aligning_tells_how_far_it_was_off() -> None:
    host = Host()
    host.clock.align(VENUE, host.seconds)
    host.pass_time(300)
    ahead = VENUE + timedelta(seconds=300, milliseconds=40)
    assert host.clock.align(ahead, host.seconds) == timedelta(milliseconds=40)
    assert host.clock.align(ahead - timedelta(seconds=1), host.seconds) == timedelta(seconds=-1)
    assert host.clock.now() == ahead - timedelta(seconds=1)


@given(
    speed=st.sampled_from([0.5, 1.0, 60.0, 600.0, 36_000.0]),
    ahead=st.integers(-86_400_000, 86_400_000),
    waited=st.floats(0, 3600),
)
def test_host_time_of_an_exchange_instant_leads_back_to_it(
    speed: float, ahead: int, waited: float
) -> None:
    host = Host(speed=speed)
    host.clock.align(VENUE, host.seconds)
    host.pass_time(waited)
    instant = VENUE + timedelta(milliseconds=ahead)
    wall_at = host.clock.wall_time_of(instant)
    resolution = timedelta(microseconds=speed + 1)
    assert abs(host.clock.exchange_time_of(wall_at) - instant) <= resolution


@pytest.mark.parametrize("speed", [1.0, 600.0])
def test_at_the_host_time_of_an_instant_the_clock_shows_that_instant(speed: float) -> None:
    host = Host(speed=speed)
    host.clock.align(VENUE, host.seconds)
    wall_at = host.clock.wall_time_of(VENUE + timedelta(minutes=15))
    host.pass_time((wall_at - host.wall).total_seconds())
    assert host.clock.now() == VENUE + timedelta(minutes=15)


@pytest.mark.parametrize(("speed", "wall_seconds"), [(1.0, 60.0), (600.0, 0.1)])
def test_sleep_is_told_in_exchange_time(speed: float, wall_seconds: float) -> None:
    async def slept() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        await ExchangeClock(speed=speed).sleep(60)
        return loop.time() - started

    assert run_leaping(slept()) == pytest.approx(wall_seconds)


def test_times_are_aware_and_in_utc() -> None:
    clock = ExchangeClock()
    assert wall_now().tzinfo is UTC
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - wall_now()) < timedelta(seconds=5)
    assert clock.monotonic() <= clock.monotonic()
