"""The scheduled jobs around the risk gate: the day's result, open trades, shadows, correlations."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from engine.close import CloseRound
from engine.drawdown import WatchDrawdown
from engine.follow_shadows import FollowShadows
from engine.note_shadows import NoteShadows
from engine.poll_correlations import PollCorrelations
from engine.portfolio_watch import WatchPortfolio

MOST_UNSENT: Final = 4
"""Closes whose shadows wait for a storage that fails: an hour of them, for snapshots are large."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRounds:
    """The jobs. `wake` tells the delivery worker that something may be in the outbox."""

    watch_drawdown: WatchDrawdown
    watch_portfolio: WatchPortfolio
    note_shadows: NoteShadows
    follow_shadows: FollowShadows
    poll_correlations: PollCorrelations
    wake: Callable[[], None]
    unsent: deque[tuple[CloseRound, datetime]] = field(
        default_factory=lambda: deque(maxlen=MOST_UNSENT)
    )

    async def watch(self) -> None:
        """Look at the day's result and at the open trades, after signals were followed."""
        day = await self.watch_drawdown()
        if day.step is not None:
            _log.warning("drawdown", step=day.step, result_percent=str(day.day.total_percent))
        if day.has_news:
            self.wake()
        watched = await self.watch_portfolio()
        for advice in watched.told:
            _log.info(
                "advice", warning=advice.warning, action=advice.action, signal=advice.signal_id
            )
        for symbol, problem in watched.problems.items():
            _log.warning("open trade not watched this time", symbol=symbol, problem=problem)
        if watched.told:
            self.wake()

    def take(self, result: CloseRound, at: datetime) -> None:
        """Keep what a close did not send for the next round of shadows: signals go out first."""
        self.unsent.append((result, at))

    async def shadows(self) -> None:
        """Begin to follow what was not sent, and follow what was begun."""
        while self.unsent:
            round_, at = self.unsent.popleft()
            noted = await self.note_shadows(round_.records, round_.snapshots, at=at)
            if noted.problem is not None:
                _log.warning("shadows not noted this time", problem=noted.problem)
                self.unsent.appendleft((round_, at))
                break
        result = await self.follow_shadows()
        if result.problems:
            _log.warning("shadows not followed this time", problems=len(result.problems))

    async def correlations(self) -> None:
        """Fetch what is missing of a month of hours."""
        result = await self.poll_correlations()
        if result.failed:
            _log.warning(
                "correlations incomplete",
                failed=result.failed,
                asked=result.asked,
                reason=result.reason,
            )
