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
            due = self._timeframe.next_boundary(after) + self._delay
        else:
            fired = self.due_near(self._clock.exchange_time_of(previous_fire_time))
            due = fired + self._timeframe.length
        return self._clock.wall_time_of(due)

    def due_near(self, at: datetime) -> datetime:
        """Exchange time at which the firing nearest to an exchange instant is due.

        The clock may have been aligned since that firing was planned; half a candle is ample.
        """
        return self.newest_due(at + self._timeframe.length / 2)

    def newest_due(self, at: datetime) -> datetime:
        """Exchange time at which the newest firing was due at an exchange instant."""
        return self._timeframe.previous_boundary(at - self._delay) + self._delay
