"""Keeps the bot's clock on the exchange's."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from app.clock import ExchangeClock
from app.jobs import JobSchedule
from domain.errors import TemporaryVenueError
from exchanges.exchange_time import ClockReading, TellsTime, measure

_log = structlog.get_logger(__name__)

_LEAP_SECONDS: Final = 30.0
"""Wall seconds: no clock drifts as far between two measurements."""

_SECOND_LOOK_SECONDS: Final = 3.0
"""Wall seconds until a leap is looked at once more; an answer out of a cache stands still."""

_AGREEMENT_SECONDS: Final = 1.0
"""Wall seconds by which two looks at the same leap may differ."""


class ExchangeTimeKeeping:
    """Asks the exchange for its time at the start, in turn, and when the host's clock leapt."""

    def __init__(self, venue: TellsTime, clock: ExchangeClock, jobs: JobSchedule) -> None:
        self._venue = venue
        self._clock = clock
        self._jobs = jobs

    async def align(self) -> None:
        """Set the clock by the exchange's.

        Raises `TemporaryVenueError` when it does not answer, or tells of a leap that it takes back:
        what is written down meanwhile, ends of signals above all, could not be taken back.
        """
        reading = await measure(self._venue, self._clock)
        if self._is_leap(reading):
            reading = await self._second_look(reading)
        moved = self._clock.align(reading.exchange_now, reading.at_monotonic)
        if abs(moved) > timedelta(seconds=self._clock.speed):
            _log.info("clock aligned", moved_seconds=moved.total_seconds())

    async def after_host_step(self) -> None:
        """Exchange time first: runs are planned by it."""
        with suppress(TemporaryVenueError):  # the clock's own job asks again
            await self.align()
        self._jobs.plan_anew()

    def _is_leap(self, reading: ClockReading) -> bool:
        """Whether it is far from the clock, and no sleep of the host explains that."""
        is_known = self._clock.is_measured and not self._clock.host_step()
        return is_known and abs(self._wall_seconds_to(reading)) > _LEAP_SECONDS

    async def _second_look(self, first: ClockReading) -> ClockReading:
        await asyncio.sleep(_SECOND_LOOK_SECONDS)
        second = await measure(self._venue, self._clock)
        one, other = self._wall_seconds_to(first), self._wall_seconds_to(second)
        if abs(one - other) > _AGREEMENT_SECONDS:
            raise TemporaryVenueError(
                f"the exchange's clock is told to be {one:+.0f} s off, and {other:+.0f} s "
                f"{_SECOND_LOOK_SECONDS:g} s later: neither is believed"
            )
        return second

    def _wall_seconds_to(self, reading: ClockReading) -> float:
        distance = self._clock.distance_to(reading.exchange_now, reading.at_monotonic)
        return distance.total_seconds() / self._clock.speed
