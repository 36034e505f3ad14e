"""What the scheduled jobs of execution do."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from app.jobs import JobSchedule
from domain.timeframes import Timeframe
from engine.execution.accounts.drawdown import WatchAccounts
from engine.execution.desk.desk import Desk
from engine.execution.offers.offers import LapseOffers
from engine.readiness.watch import WatchReadiness
from engine.timing import TimingParameters

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingRounds:
    """The jobs. `wake` tells the delivery worker that something may be in the outbox."""

    desk: Desk
    lapse_offers: LapseOffers
    watch_accounts: WatchAccounts
    watch_readiness: WatchReadiness
    wake: Callable[[], None]

    def schedule(self, jobs: JobSchedule, timing: TimingParameters) -> None:
        """Each minute, behind the signals; the gate less often, for a verdict grows old in days."""
        delay = 2 * timing.settle_seconds
        jobs.at_candle_close("accounts", self.minute, Timeframe.M1, delay_seconds=delay)
        jobs.at_candle_close("readiness", self.readiness, Timeframe.M15, delay_seconds=delay)

    async def minute(self) -> None:
        """Lapse offers that nobody confirmed, and close what the drawdown of an account demands."""
        if await self.lapse_offers():
            self.wake()
        requests = await self.watch_accounts()
        if requests:
            _log.warning("drawdown closes positions", positions=[r.position_id for r in requests])
            await self.desk.close(requests)
        self.wake()

    async def readiness(self) -> None:
        """Look whether live trading may enter something new; before the first look it may not."""
        if await self.watch_readiness():
            _log.warning("the readiness gate is not passed: nothing new is executed live")
            self.wake()
