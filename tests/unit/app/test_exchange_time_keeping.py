"""Exchange time is followed; a leap is believed only when it is told twice."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app import exchange_time_keeping
from app.clock import ExchangeClock
from app.exchange_time_keeping import ExchangeTimeKeeping
from app.jobs import JobSchedule
from domain.errors import TemporaryVenueError
from tests.fakes.clock import AFTERNOON

NIGHT = timedelta(hours=27)


class HandVenue:
    """Its clock runs as the host's does, off by what `told` says at each question."""

    def __init__(self, told: Callable[[int], timedelta]) -> None:
        self.asked = 0
        self._told = told
        self._begun = time.monotonic()

    def true_time(self) -> datetime:
        return AFTERNOON + timedelta(seconds=time.monotonic() - self._begun)

    async def fetch_exchange_time(self) -> datetime:
        self.asked += 1
        return self.true_time() + self._told(self.asked)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_time_keeping, "_SECOND_LOOK_SECONDS", 0.01)


def keeping(venue: HandVenue, clock: ExchangeClock) -> ExchangeTimeKeeping:
    return ExchangeTimeKeeping(venue, clock, JobSchedule(clock))


def error_of(clock: ExchangeClock, venue: HandVenue) -> float:
    return abs((clock.now() - venue.true_time()).total_seconds())


async def test_the_first_reading_is_followed_whatever_the_host_says() -> None:
    venue, clock = HandVenue(lambda _: timedelta()), ExchangeClock()
    await keeping(venue, clock).align()
    assert error_of(clock, venue) < 1
    assert venue.asked == 5


async def test_a_leap_that_is_taken_back_is_not_followed() -> None:
    venue = HandVenue(lambda asked: NIGHT if 5 < asked <= 10 else timedelta())
    clock = ExchangeClock()
    times = keeping(venue, clock)
    await times.align()
    with pytest.raises(
        TemporaryVenueError, match=r"\+97200 s off, and [+-]0 s .* neither is believed"
    ):
        await times.align()
    assert error_of(clock, venue) < 1


async def test_an_answer_that_stands_still_is_not_followed() -> None:
    begun = datetime.now(UTC)

    def from_a_cache(asked: int) -> timedelta:
        stale = timedelta(hours=-1) - (datetime.now(UTC) - begun) * 1000
        return timedelta() if asked <= 5 else stale

    venue, clock = HandVenue(from_a_cache), ExchangeClock()
    times = keeping(venue, clock)
    await times.align()
    with pytest.raises(TemporaryVenueError, match="neither is believed"):
        await times.align()
    assert error_of(clock, venue) < 1


async def test_a_leap_that_lasts_is_followed() -> None:
    venue = HandVenue(lambda asked: NIGHT if asked > 5 else timedelta())
    clock = ExchangeClock()
    times = keeping(venue, clock)
    await times.align()
    await times.align()
    assert abs(clock.now() - venue.true_time() - NIGHT) < timedelta(seconds=1)


async def test_what_the_host_slept_through_is_no_leap() -> None:
    wall = [AFTERNOON]
    venue = HandVenue(lambda asked: NIGHT if asked > 5 else timedelta())
    clock = ExchangeClock(wall=lambda: wall[0])
    times = keeping(venue, clock)
    await times.align()
    wall[0] += NIGHT
    await times.align()
    assert venue.asked == 10
