"""Scheduled jobs on exchange time: coalescing, never overlapping, missed runs reported."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.events import (
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobEvent,
    JobSubmissionEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app.candle_close_job import CandleCloseJob
from app.candle_close_trigger import CandleCloseTrigger
from app.clock import ExchangeClock, wall_now
from app.job_history import JobHistory
from domain.errors import QuorumError
from domain.timeframes import Timeframe

_log = structlog.get_logger(__name__)

_GRACE_SECONDS = 60
"""A run this late still happens, once; APScheduler's own default of 1 s would drop it."""

_SHORTEST_INTERVAL_SECONDS = 0.5
_UNSEEN_SECONDS = 3.0
"""Wall seconds that may pass before a jump of the host's clock is seen and answered."""
_STOP_SECONDS = 3.0

Job = Callable[[], Awaitable[None]]


class JobSchedule:
    """Runs jobs at candle closes and at intervals. A failing run is logged; the next one comes."""

    def __init__(self, clock: ExchangeClock) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": _GRACE_SECONDS,
            },
        )
        self._scheduler.add_listener(self._on_missed, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        planned = EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES
        self._scheduler.add_listener(self._on_planned, planned)
        self.history = JobHistory()
        self._planned: dict[str, datetime] = {}
        self._plans: dict[str, Callable[[], BaseTrigger]] = {}
        self._is_stopped = False
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def at_candle_close(
        self, name: str, job: Job, timeframe: Timeframe, *, delay_seconds: float = 0.0
    ) -> None:
        """Run after every close of a timeframe, `delay_seconds` of exchange time later."""
        trigger = CandleCloseTrigger(self._clock, timeframe, timedelta(seconds=delay_seconds))
        period = timeframe.length / self._clock.speed
        self._add(name, CandleCloseJob(job, trigger, self._clock), lambda: trigger, period)

    def every(
        self,
        name: str,
        job: Job,
        *,
        exchange_seconds: float,
        shortest_wall_seconds: float = _SHORTEST_INTERVAL_SECONDS,
        phase: float = 1.0,
    ) -> None:
        """Run at an interval of exchange time, but leave at least so many wall seconds between.

        The first run comes after `phase` of an interval, above 0 and at most 1: jobs that are alike
        need not all run at the same moment.
        """
        wall_seconds = max(exchange_seconds / self._clock.speed, shortest_wall_seconds)

        def plan() -> BaseTrigger:
            first = wall_now() + timedelta(seconds=phase * wall_seconds)
            return IntervalTrigger(seconds=wall_seconds, start_date=first)

        self._add(name, job, plan, timedelta(seconds=wall_seconds))

    def plan_anew(self) -> None:
        """Plan every run again from now on: the host's clock was set, and plans are host time.

        A close that came while the plans were wrong is run for now; one that was run for is not.
        """
        self._planned.clear()
        now = self._clock.now()
        for name, plan in self._plans.items():
            trigger = plan()
            self._scheduler.reschedule_job(name, trigger=trigger)
            if isinstance(trigger, CandleCloseTrigger):
                age = (now - trigger.newest_due(now)).total_seconds()
                if age < _UNSEEN_SECONDS * self._clock.speed:
                    self._scheduler.modify_job(name, next_run_time=wall_now())

    def start(self) -> None:
        """Begin, unless stopped already; needs a running event loop."""
        if not self._is_stopped:
            self._scheduler.start()

    async def stop(self) -> None:
        """Begin no run any more and wait for those under way; cancel what takes too long."""
        self._is_stopped = True
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await asyncio.sleep(0)  # lets runs that were handed over just now begin
        try:
            await asyncio.wait_for(self._idle.wait(), _STOP_SECONDS)
        except TimeoutError:
            _log.warning("jobs cut off", running=self._running)
        self._scheduler.shutdown(wait=False)

    def _add(self, name: str, job: Job, plan: Callable[[], BaseTrigger], period: timedelta) -> None:
        async def run() -> None:
            self._running += 1
            self._idle.clear()
            self._note_begin(name)
            try:
                await job()
                self.history.went_well(name, self._clock.now())
            except QuorumError as error:
                _log.warning("job failed", job=name, reason=str(error))
                self.history.failed(name, str(error))
            except Exception as error:  # noqa: BLE001 - one failing run must not end the job
                _log.exception("job failed", job=name)
                self.history.failed(name, f"{type(error).__name__}: {error}")
            finally:
                self._running -= 1
                if self._running == 0:
                    self._idle.set()

        self.history.planned(name, period)
        self._plans[name] = plan
        self._scheduler.add_job(run, plan(), id=name, name=name)

    def _note_begin(self, name: str) -> None:
        """APScheduler tells what was due only just before: until then it is due now."""
        due = self._planned.get(name)
        late = 0.0 if due is None else (wall_now() - due).total_seconds()
        self.history.began(name, self._clock.now(), lateness_seconds=max(0.0, late))

    def _on_planned(self, event: JobSubmissionEvent) -> None:
        """Several runs that were due at once have become one: the others are missed."""
        planned = event.scheduled_run_times[-1]
        last = self._planned.get(event.job_id, planned)
        self._planned[event.job_id] = planned
        skipped = round((planned - last) / self.history.period(event.job_id)) - 1
        if skipped > 0:
            self._count_missed(event.job_id, skipped)

    def _on_missed(self, event: JobEvent) -> None:
        self._count_missed(event.job_id, 1)

    def _count_missed(self, name: str, runs: int) -> None:
        in_all = self.history.left_out(name, runs)
        _log.info("job runs missed", job=name, now=runs, in_all=in_all)
