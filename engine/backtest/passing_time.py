"""Lets time pass: signals are followed, the day is watched, an operator resumes, each in its turn.

The clock stops only where something may happen. At all other minutes the live bot would have
looked, too, and found nothing.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final

from domain.timeframes import from_ms, to_ms
from engine.backtest.clock import SteppedClock
from engine.backtest.day_estimate import DayEstimate
from engine.backtest.feed import HistoryFeed
from engine.backtest.follower_clock import FollowerClock
from engine.backtest.foresight import next_event_ms
from engine.backtest.storage import BacktestStorage
from engine.backtest.values import BacktestParameters
from engine.commands import ResumeSignals
from engine.drawdown import WatchDrawdown
from engine.follow import FollowSignals
from risk.latching import releasable_from

_OPERATOR: Final = "the operator of a backtest"
_AN_INSTANT: Final = timedelta(microseconds=1)


@dataclass(slots=True, kw_only=True)
class PassingTime:
    """Runs the use cases of the minutes between two decisions.

    `_due` is by id of a live signal the close at which it has to be followed next, `_danger_ms` the
    close after which the drawdown ladder has to be asked; None while that is not in sight.
    """

    clock: SteppedClock
    follower_clock: FollowerClock
    feed: HistoryFeed
    storage: BacktestStorage
    follow: FollowSignals
    watch: WatchDrawdown
    resume: ResumeSignals
    estimate: DayEstimate
    assumed: BacktestParameters
    _due: dict[int, int] = field(default_factory=dict)
    _danger_ms: int | None = None

    async def until(self, end: datetime) -> None:
        """Do all that falls due before an instant, in order of time."""
        while True:
            close_ms = self._next_due()
            follow_at = None if close_ms is None else self._follow_at(close_ms)
            watch_at = None if self._danger_ms is None else self._written_at(self._danger_ms)
            resume_at = self._resume_at()
            due = [each for each in (resume_at, follow_at, watch_at) if each is not None]
            if not due or min(due) >= end:
                return
            self.clock.set(min(due))
            if min(due) == resume_at:
                await self.resume(_OPERATOR)
            elif min(due) == follow_at and close_ms is not None:
                await self._follow(close_ms)
            elif self._danger_ms is not None:
                await self._watch(self._danger_ms)

    def _next_due(self) -> int | None:
        signals = self.storage.signals.live
        for each in signals:
            if each.signal.id not in self._due:
                series = self.feed.finest(each.signal.plan.symbol)
                self._due[each.signal.id] = next_event_ms(each, series)
        return min((self._due[each.signal.id] for each in signals), default=None)

    def _follow_at(self, close_ms: int) -> datetime:
        recorded = self.follower_clock.recorded_for(self.storage.signals.live, close_ms)
        # A record that tells of another course than this one may name an instant before the close.
        return max(recorded, from_ms(close_ms)) if recorded else self._written_at(close_ms)

    def _written_at(self, close_ms: int) -> datetime:
        return from_ms(close_ms) + timedelta(seconds=self.assumed.outcome_seconds)

    def _resume_at(self) -> datetime | None:
        waiting = [
            releasable_from(latch)
            for latch in self.storage.state.latches.values()
            if latch.resumed_at is None
        ]
        after = timedelta(hours=self.assumed.resume_hours)
        return min(waiting) + after if waiting else None

    async def _follow(self, close_ms: int) -> None:
        self.follower_clock.expect_outcomes(self.storage.signals.live)
        await self.follow()
        now_ms = to_ms(self.clock.now())
        self._due = {signal: due for signal, due in self._due.items() if due > now_ms}
        self._danger_ms = await self._danger_from(close_ms)

    async def _watch(self, close_ms: int) -> None:
        await self.watch()
        is_open = any(each.course.state.is_open for each in self.storage.signals.live)
        # Without open trades, the result of the day stays what it is.
        self._danger_ms = await self._danger_from(close_ms + 1) if is_open else None

    async def _danger_from(self, first_ms: int) -> int | None:
        signals, now = self.storage.signals, self.clock.now()
        midnight = datetime.combine(now.astimezone(UTC).date(), time(), tzinfo=UTC)
        ended = await signals.list_ended_between(midnight, now + _AN_INSTANT)
        stop_ms = self._next_due()
        return self.estimate.next_danger_ms(signals.live, ended, first_ms, stop_ms or first_ms)
