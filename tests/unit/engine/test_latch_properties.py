"""No sequence of pauses, resumes, trips, leaps of the clock and restarts releases a latch early."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.commands import PauseSignals, ResumeSignals
from engine.drawdown import WatchDrawdown
from engine.ports.storage import UnitOfWork
from engine.risk_state import RiskFacts, collect_risk_state
from risk.breakers import check_all_pairs
from risk.gate import RiskParameters
from risk.state import RiskState
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.losing import make_loser
from tests.unit.engine.plain_presenter import PlainPresenter

RISK = RiskParameters(reference_equity=12_000.0)


@dataclass
class History:
    """What really happened, in order: kept beside the storage to judge it by."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=lambda: HandClock(AFTERNOON))
    tripped: datetime | None = None
    resumed_since: list[datetime] = field(default_factory=list)
    ended: int = 0

    async def lose(self) -> None:
        """A loss of 3 % of equity, and a look at the day."""
        await self._end_trade("-3")
        await self.watch()

    async def win(self) -> None:
        """Enough for the day to look as if nothing had happened."""
        await self._end_trade("40")

    async def _end_trade(self, percent: str) -> None:
        self.ended += 1
        async with self.storage() as unit:
            await unit.signals.add(make_loser(self.ended, self.clock.now(), percent))
            await unit.commit()

    async def watch(self) -> None:
        watch = WatchDrawdown(
            storage=self.storage, presenter=PlainPresenter(), clock=self.clock, risk=RISK
        )
        if (await watch()).day.total_percent <= -3:
            now = self.clock.now()
            self.tripped = now if self.tripped is None else max(now, self.tripped)
            self.resumed_since = []

    async def pause(self) -> None:
        await PauseSignals(self.storage, self.clock)("7", "")

    async def resume(self) -> None:
        await ResumeSignals(self.storage, self.clock)("7")
        self.resumed_since.append(self.clock.now())

    def may_trade(self) -> bool:
        """As the promise says: the day is over, and somebody resumed after that."""
        if self.tripped is None:
            return True
        over = datetime.combine(
            self.tripped.date() + timedelta(days=1), datetime.min.time(), tzinfo=UTC
        )
        return self.clock.now() >= over and any(at >= over for at in self.resumed_since)

    async def is_blocked(self) -> bool:
        async with self.storage() as unit:
            rulings = check_all_pairs(await self._state(unit), RISK.breakers)
        return any(ruling.breaker == "drawdown" and ruling.is_blocking for ruling in rulings)

    async def _state(self, unit: UnitOfWork) -> RiskState:
        now = self.clock.now()
        return await collect_risk_state(unit, now, now, RISK, facts=RiskFacts())


STEPS = st.lists(
    st.sampled_from(["lose", "win", "watch", "pause", "resume"])
    | st.sampled_from([-48, -24, -1, 1, 10, 24, 48]).map(lambda hours: timedelta(hours=hours)),
    min_size=1,
    max_size=14,
)


DAY = timedelta(days=1)


@example(["win", DAY, "resume", -DAY])
@example([DAY, "resume", -DAY, "watch", "win", DAY])
@example([DAY, "resume", -DAY, "lose", "win", DAY])
@example([DAY, "lose", "win", "resume"])
@example(["resume", "win", DAY])
@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_no_sequence_of_events_releases_a_latch_early(steps: list[str | timedelta]) -> None:
    asyncio.run(live_through(steps))


async def live_through(steps: list[str | timedelta]) -> None:
    history = History()
    await history.lose()
    for step in steps:
        if isinstance(step, timedelta):
            history.clock.set(history.clock.now() + step)
        else:
            await getattr(history, step)()
        assert history.may_trade() or await history.is_blocked(), step


async def test_after_a_new_day_and_a_resume_trading_goes_on() -> None:
    history = History()
    await history.lose()
    history.clock.set(datetime(2025, 10, 7, tzinfo=UTC))
    assert await history.is_blocked()
    await history.resume()
    assert not await history.is_blocked()
