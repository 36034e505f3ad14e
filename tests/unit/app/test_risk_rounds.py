"""The jobs around the risk gate: they wake the delivery for news alone, and lose no shadows."""

from dataclasses import dataclass, field, replace

import pytest

from app.risk_rounds import MOST_UNSENT, RiskRounds
from domain.access import Role
from domain.errors import StorageUnavailableError
from domain.shadows import FollowedShadow
from engine.close import CloseRound
from engine.ports.storage import Storage
from tests.builders.market import make_instrument
from tests.fakes.market import HandFacts
from tests.unit.app.risk_jobs import risk_rounds_of
from tests.unit.engine.closing import BOUNDARY, Desk
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.losing import make_loser, make_open
from tests.unit.engine.shadowing import candidate, denied
from tests.unit.risk.trade_builders import make_snapshot


@dataclass
class Bench:
    """The jobs over a desk whose clock is moved by hand."""

    desk: Desk = field(default_factory=Desk)
    wakes: int = 0

    def __post_init__(self) -> None:
        self.rounds = self.new_rounds()

    def new_rounds(self, storage: Storage | None = None) -> RiskRounds:
        return risk_rounds_of(self.desk, HandFacts(self.desk.clock), self._count_wake, storage)

    def _count_wake(self) -> None:
        self.wakes += 1

    async def lose(self, percent: str) -> None:
        async with self.desk.storage() as unit:
            await unit.users.grant(7, Role.ADMIN, at=BOUNDARY, how="settings")
            await unit.signals.add(make_loser(1, self.desk.clock.now(), percent))
            await unit.commit()

    async def shadows(self) -> list[FollowedShadow]:
        async with self.desk.storage() as unit:
            return await unit.shadows.list_live()


async def test_minute_without_news_wakes_nobody() -> None:
    bench = Bench()
    await bench.rounds.watch()
    assert bench.wakes == 0


async def test_step_of_the_ladder_wakes_the_delivery_once() -> None:
    bench = Bench()
    await bench.lose("-3")
    for _ in range(3):
        await bench.rounds.watch()
        bench.desk.clock.advance(60)
    assert bench.wakes == 1


async def test_advice_of_the_watch_wakes_the_delivery_once() -> None:
    bench = Bench()
    async with bench.desk.storage() as unit:
        for number, base in enumerate(("AAA", "BBB", "CCC", "DDD"), 1):
            await unit.signals.add(make_open(number, base))
        await unit.commit()
    await bench.rounds.watch_drawdown()
    for _ in range(3):
        await bench.rounds.watch()
        bench.desk.clock.advance(60)
    assert bench.wakes == 1


async def test_news_of_the_ladder_goes_out_although_the_watch_fails_after_it() -> None:
    bench = Bench()
    await bench.lose("-3")
    failing = bench.new_rounds(FailingStorage(bench.desk.storage, 0).storage)
    rounds = replace(bench.rounds, watch_portfolio=failing.watch_portfolio)
    with pytest.raises(StorageUnavailableError):
        await rounds.watch()
    assert bench.wakes == 1


async def test_shadows_that_could_not_be_stored_are_noted_in_a_later_round() -> None:
    bench = Bench()
    at = bench.desk.clock.now()
    failing = bench.new_rounds(FailingStorage(bench.desk.storage, 0).storage)
    rounds = replace(bench.rounds, note_shadows=failing.note_shadows)
    rounds.take(unsent("SOL"), at)
    rounds.take(unsent("ETH"), at)
    await rounds.shadows()
    assert await bench.shadows() == []
    bench.desk.clock.advance(60)
    await rounds.shadows()
    noted = {
        each.shadow.instrument.symbol: each.shadow.decided_at for each in await bench.shadows()
    }
    assert noted == {"SOLUSDT": at, "ETHUSDT": at}


async def test_shadows_of_a_long_failure_are_given_up_the_oldest_first() -> None:
    bench = Bench()
    for number in range(MOST_UNSENT + 1):
        bench.rounds.take(unsent(f"A{number}"), bench.desk.clock.now())
    await bench.rounds.shadows()
    symbols = [each.shadow.instrument.symbol for each in await bench.shadows()]
    assert symbols == [f"A{number}USDT" for number in range(1, MOST_UNSENT + 1)]


def unsent(base: str) -> CloseRound:
    """A close at which one decision was denied."""
    record = denied(candidate(base))
    instrument = make_instrument(base, tick="0.01", step="0.01")
    return CloseRound(
        boundary=BOUNDARY,
        decided=1,
        denied=1,
        issued=(),
        missing={},
        seconds=0.0,
        records=(record,),
        snapshots={record.decision.symbol: make_snapshot(instrument=instrument)},
    )
