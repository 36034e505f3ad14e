"""What is at risk, and which breakers stand: as an operator is told."""

from datetime import timedelta
from decimal import Decimal

from domain.breakers import Effect, Latch
from domain.directions import Direction
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState
from engine.ports.storage import BreakerEvent
from engine.reports import BreakersReport, HeatReport
from engine.risk_queries import ReadBreakers, ReadHeat
from engine.risk_state import RiskFacts
from risk.breakers import BreakerParameters, LowQualityHours, all_breakers
from risk.gate import RiskParameters
from tests.builders.outside import make_macro
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.losing import make_loser, make_open

RISK = RiskParameters(reference_equity=12_000.0)


async def keeping(*signals: FollowedSignal) -> InMemoryStorage:
    storage = InMemoryStorage()
    async with storage() as unit:
        for followed in signals:
            await unit.signals.add(followed)
        await unit.commit()
    return storage


async def heat_of(storage: InMemoryStorage, **prices: str) -> HeatReport:
    known = {f"{base}USDT": Decimal(price) for base, price in prices.items()}
    read = ReadHeat(storage=storage, clock=HandClock(), risk=RISK, facts=RiskFacts(price=known.get))
    return await read()


async def standing(
    storage: InMemoryStorage, *, macro: MacroReading | None = None, hours: tuple[int, ...] = ()
) -> BreakersReport:
    read = ReadBreakers(
        storage=storage,
        clock=HandClock(),
        risk=RISK,
        hours=LowQualityHours(hours=hours, surcharge=5.0),
        macro=lambda: macro,
    )
    return await read()


async def test_without_trades_there_is_no_heat() -> None:
    report = await heat_of(InMemoryStorage())
    assert report.heat_percent == report.exposure_percent == 0
    assert report.trades == ()
    assert report.heat_cap_percent == 6
    assert report.exposure_cap_percent == 500


async def test_each_live_signal_is_told_with_what_it_ties_up() -> None:
    waiting = make_open(2, "BBB", state=SignalState.PUBLISHED)
    report = await heat_of(await keeping(make_open(1, "AAA"), waiting), AAA="101")
    first, second = report.trades
    assert (first.signal_id, first.pair, first.direction) == (1, "AAA/USDT", Direction.LONG)
    assert (first.is_open, second.is_open) == (True, False)
    assert first.heat_percent == second.heat_percent == Decimal("2.15")
    assert first.exposure_percent == 100
    assert (first.result_percent, second.result_percent) == (Decimal("0.85"), Decimal(0))
    assert (report.heat_percent, report.exposure_percent) == (Decimal("4.30"), Decimal(200))
    assert report.day.open_percent == Decimal("0.85")


async def test_result_of_an_open_trade_without_a_price_is_unknown() -> None:
    report = await heat_of(await keeping(make_open(1, "AAA")))
    assert report.trades[0].result_percent is None
    assert report.day.unpriced == ("AAA/USDT",)


async def test_quiet_breakers_stand_in_their_order_and_the_hours_come_last() -> None:
    report = await standing(InMemoryStorage())
    names = [breaker.name for breaker in all_breakers(BreakerParameters())]
    assert [each.breaker for each in report.standings] == [*names, "low_quality_hours"]
    assert {each.effect for each in report.standings} == {None}
    assert report.now == AFTERNOON


async def test_what_has_tripped_stands_with_its_effect() -> None:
    storage = await keeping(make_loser(1, AFTERNOON - timedelta(minutes=5), "-2"))
    async with storage() as unit:
        await unit.state.set_pause(PauseState(is_paused=True, since=AFTERNOON, reason="news"))
        await unit.state.set_latch(
            Latch(breaker="drawdown", level=3, tripped_at=AFTERNOON, text="down 4 %")
        )
        await unit.commit()
    report = await standing(storage, macro=make_macro(), hours=(14,))
    tripped = {(each.breaker, each.effect, each.symbol) for each in report.standings if each.effect}
    assert tripped == {
        ("paused", Effect.BLOCK, None),
        ("drawdown", Effect.CLOSE_ALL, None),
        ("macro_danger", Effect.BLOCK, None),
        ("revenge", Effect.BLOCK, "SOLUSDT"),
        ("low_quality_hours", Effect.RAISE_BAR, None),
    }
    assert report.day.total_percent == -2


async def test_events_of_the_last_day_are_told() -> None:
    storage = InMemoryStorage()
    old, new = (
        BreakerEvent(breaker="revenge", at=AFTERNOON - age, symbol=None, text="words")
        for age in (timedelta(hours=24, seconds=1), timedelta(hours=24))
    )
    async with storage() as unit:
        await unit.state.add_breaker_events([old, new])
        await unit.commit()
    assert (await standing(storage)).recent == (new,)
