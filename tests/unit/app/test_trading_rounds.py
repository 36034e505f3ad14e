"""The minute's round of execution: offers lapse, drawdown closes, delivery is woken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from app.clock import ExchangeClock
from app.jobs import JobSchedule
from app.trading_rounds import TradingRounds
from domain.accounts import ExecutionMode
from domain.intents import IntentState
from engine.execution.accounts.drawdown import WatchAccounts
from engine.execution.desk.desk import Desk
from engine.execution.offers.offers import LapseOffers
from engine.execution.values import CloseRequest
from engine.readiness.watch import WatchReadiness
from engine.timing import TimingParameters
from risk.breakers.drawdown import DrawdownParameters
from tests.unit.execution.offers.filling import open_trade
from tests.unit.execution.offers.trading_floor import ADMIN, Floor, make_signal_on


@dataclass
class NotingDesk:
    """Notes what it is to close."""

    closing: list[int] = field(default_factory=list)

    async def close(self, requests: Sequence[CloseRequest]) -> None:
        self.closing += [request.position_id for request in requests]


@dataclass
class Bench:
    """The round over a floor."""

    floor: Floor = field(default_factory=Floor)
    desk: NotingDesk = field(default_factory=NotingDesk)
    wakes: int = 0

    def __post_init__(self) -> None:
        floor = self.floor
        self.rounds = TradingRounds(
            desk=cast("Desk", self.desk),
            lapse_offers=LapseOffers(
                storage=floor.storage, presenter=floor.presenter, clock=floor.clock
            ),
            watch_accounts=WatchAccounts(
                storage=floor.storage,
                presenter=floor.presenter,
                clock=floor.clock,
                quotes=floor.quotes,
                open_broker=floor.open_broker,
                parameters=DrawdownParameters(),
            ),
            watch_readiness=WatchReadiness(
                storage=floor.storage,
                presenter=floor.presenter,
                clock=floor.clock,
                gate=floor.gate(),
            ),
            wake=self._count,
        )

    def _count(self) -> None:
        self.wakes += 1


async def test_an_offer_that_nobody_confirmed_lapses() -> None:
    bench = Bench()
    await bench.floor.begin()
    await bench.floor.offer()
    bench.floor.clock.advance(timedelta(minutes=20).total_seconds())
    await bench.rounds.minute()
    assert await bench.floor.state_of() is IntentState.LAPSED
    assert bench.wakes > 0


async def test_what_the_drawdown_of_an_account_demands_is_closed_by_the_desk() -> None:
    bench = Bench()
    await bench.floor.begin(*(make_signal_on(f"C{number}", number) for number in (1, 2)))
    positions = [await open_trade(bench.floor, number) for number in (1, 2)]
    for symbol in ("C1USDT", "C2USDT"):
        bench.floor.quotes.set(symbol, "96", "96")
    await bench.rounds.minute()
    assert sorted(bench.desk.closing) == positions


async def test_a_quiet_minute_closes_nothing() -> None:
    bench = Bench()
    await bench.floor.begin()
    await bench.rounds.minute()
    assert bench.desk.closing == []


async def test_it_runs_each_minute_of_exchange_time() -> None:
    bench = Bench()
    jobs = JobSchedule(ExchangeClock())
    bench.rounds.schedule(jobs, TimingParameters())
    planned = jobs._scheduler.get_jobs()
    assert [job.name for job in planned] == ["accounts", "readiness"]


async def test_a_gate_that_refuses_wakes_delivery_once() -> None:
    bench = Bench(floor=Floor(is_live_allowed=True, override=""))
    await bench.floor.begin()
    await bench.floor.set_mode(ExecutionMode.LIVE)
    await bench.rounds.readiness()
    await bench.rounds.readiness()
    assert bench.wakes == 1
    assert len(await bench.floor.messages(ADMIN)) == 1
