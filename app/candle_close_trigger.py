"""An APScheduler trigger that fires after candle boundaries of exchange time."""

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger

from app.clock import ExchangeClock
from domain.timeframes import Timeframe


class CandleCloseTrigger(BaseTrigger):  # type: ignore[misc]  # apscheduler is untyped
    """Fires at every boundary of a timeframe plus a delay, both in exchange time.

    The boundary is computed in exchange time and only then turned into host time, so an accelerated
    simulated venue drives the very same jobs as a real one.
    """

    def __init__(self, clock: ExchangeClock, timeframe: Timeframe, delay: timedelta) -> None:
        self._clock = clock
        self._timeframe = timeframe
        self._delay = delay

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """Host time of the next firing after the previous one (after `now` for the first)."""
        if previous_fire_time is None:
            after = self._clock.exchange_time_of(now) - self._delay
            boundary = self._timeframe.next_boundary(after)
        else:
            fired = self._clock.exchange_time_of(previous_fire_time) - self._delay
            boundary = self._nearest_boundary(fired) + self._timeframe.length
        return self._clock.wall_time_of(boundary + self._delay)

    def _nearest_boundary(self, at: datetime) -> datetime:
        # The clock may have been aligned since the last firing; half a candle is ample for that.
        return self._timeframe.previous_boundary(at + self._timeframe.length / 2)
