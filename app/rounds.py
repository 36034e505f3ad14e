"""What the scheduled jobs do: call a use case, log it, wake the delivery, measure."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.clock import ExchangeClock
from app.latency import LatencyRecorder
from app.risk_rounds import RiskRounds
from app.tally import Tally
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe
from engine.activity import Activity
from engine.close import CloseRound, DecideAtClose
from engine.follow import FollowSignals
from engine.issue import post_key
from engine.periodic_reports import PublishReports
from engine.ports.market import CandleFeed
from engine.scan import ScanMarket

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """The jobs.

    `wake` tells the delivery worker that something may be in the outbox; `remember` takes over the
    outcomes of signals that have ended; `execute` takes signals that nobody has to press for;
    `keep_observations` keeps what a close was decided on for research.
    """

    clock: ExchangeClock
    feed: CandleFeed
    scan_market: ScanMarket
    decide_at_close: DecideAtClose
    follow_signals: FollowSignals
    publish_reports: PublishReports
    risk: RiskRounds
    remember: Callable[[], Awaitable[None]]
    execute: Callable[[Sequence[FollowedSignal]], None]
    keep_observations: Callable[[CloseRound], Awaitable[None]]
    activity: Activity
    latency: LatencyRecorder
    tally: Tally
    wake: Callable[[], None]

    async def scan(self) -> None:
        """Refresh the watchlist."""
        changes = await self.scan_market()
        self.tally.scans += 1
        for change in changes:
            _log.info("watchlist", pair=change.symbol, change=change.kind, reason=change.reason)

    async def close(self) -> None:
        """Decide at the boundary that has just passed."""
        boundary = Timeframe.M15.previous_boundary(self.clock.now())
        result = await self.decide_at_close(boundary)
        self.wake()
        self.execute(result.issued)
        self._note_close(boundary, result)
        self.risk.take(result, self.clock.now())
        await self.keep_observations(result)

    async def follow(self) -> None:
        """Advance every live signal."""
        result = await self.follow_signals()
        if result.steps:
            self.wake()
        for followed, step in result.steps:
            _log.info("signal step", signal=followed.signal.id, state=step.state)
            if step.course.state.is_final:
                self.tally.outcome(step.course.state)
        if any(step.course.state.is_final for _, step in result.steps):
            await self.remember()
        for signal_id, problem in result.problems.items():
            _log.warning("signal not followed this time", signal=signal_id, problem=problem)
        await self.risk.watch()

    async def report(self) -> None:
        """Publish what reports are due, after everything that happened until now is recorded."""
        await self.follow()
        for report in await self.publish_reports():
            _log.info("report", period=report.period, day=report.day.isoformat())
            self.wake()

    def _note_close(self, boundary: datetime, result: CloseRound) -> None:
        if result.decided:
            self.activity.note(boundary, has_signal=bool(result.issued))
        self.tally.close(result)
        self._measure(boundary, result)
        _log.info(
            "candle close",
            boundary=boundary.isoformat(),
            decided=result.decided,
            signals=len(result.issued),
            denied=result.denied,
            missing=len(result.missing),
            is_late=result.is_late,
            milliseconds=round(result.seconds * 1000, 1),
        )

    def _measure(self, boundary: datetime, result: CloseRound) -> None:
        for timing in result.timings:
            for symbol in timing.symbols:
                ready_at = self.feed.ready_since(symbol, boundary)
                if ready_at is not None:
                    self.latency.decided(
                        ready_at, decided_at=timing.decided_at, stored_at=timing.stored_at
                    )
        for followed in result.issued:
            ready_at = self.feed.ready_since(followed.signal.plan.symbol, boundary)
            if ready_at is not None:
                self.latency.candle_ready(post_key(followed.signal.id), ready_at)
