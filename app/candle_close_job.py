"""A job that belongs to candle closes: never before its close has come, once for each."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from app.candle_close_trigger import CandleCloseTrigger
from app.clock import ExchangeClock


class CandleCloseJob:
    """Stands between the trigger, which plans in host time, and a job that looks at the clock."""

    def __init__(
        self, job: Callable[[], Awaitable[None]], trigger: CandleCloseTrigger, clock: ExchangeClock
    ) -> None:
        self._job = job
        self._trigger = trigger
        self._clock = clock
        self._done_for: datetime | None = None

    async def __call__(self) -> None:
        """Run the job for the close that is due, unless it has been run for that one."""
        due = self._trigger.due_near(self._clock.now())
        await self._until(due)
        if due != self._done_for:
            self._done_for = due
            await self._job()

    async def _until(self, due: datetime) -> None:
        """Wait out what is left where the clock was set back after the wake-up was planned.

        A sleep may end a little early, so that one look is not enough.
        """
        while (left := (due - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(left)
