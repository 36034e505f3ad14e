"""Keeps the bot's clock on the exchange's."""

from contextlib import suppress
from datetime import timedelta

import structlog

from app.clock import ExchangeClock
from app.jobs import JobSchedule
from app.market_data import MarketData
from domain.errors import TemporaryVenueError
from exchanges.exchange_time import measure

_log = structlog.get_logger(__name__)


class ExchangeTimeKeeping:
    """Asks the exchange for its time at the start, in turn, and when the host's clock leapt."""

    def __init__(self, data: MarketData, clock: ExchangeClock, jobs: JobSchedule) -> None:
        self._data = data
        self._clock = clock
        self._jobs = jobs

    async def align(self) -> None:
        """Set the clock by the exchange's. Raises `TemporaryVenueError` when it does not answer."""
        reading = await measure(self._data.facts, self._clock)
        moved = self._clock.align(reading.exchange_now, reading.at_monotonic)
        if abs(moved) > timedelta(seconds=self._clock.speed):
            _log.info("clock aligned", moved_seconds=moved.total_seconds())

    async def after_host_step(self) -> None:
        """Exchange time first: runs are planned by it."""
        with suppress(TemporaryVenueError):  # the clock's own job asks again
            await self.align()
        self._jobs.plan_anew()
