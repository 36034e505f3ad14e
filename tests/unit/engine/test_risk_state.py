"""What the risk gate is told of the account and the day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.breakers import Latch
from domain.correlations import Correlations
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState
from engine.risk_state import RiskFacts, collect_risk_state
from risk.day import DayResult
from risk.gate import RiskParameters
from risk.state import RiskState
from tests.builders.signals import PUBLISHED_AT
from tests.fakes.clock import AFTERNOON
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.losing import make_loser
from tests.unit.risk.trade_builders import make_ended, make_live, make_round_signal


async def collected(storage: InMemoryStorage, after: timedelta = timedelta(0)) -> RiskState:
    """At a boundary some time after 14:00, looked at two seconds later."""
    as_of = AFTERNOON + after
    async with storage() as unit:
        return await collect_risk_state(
            unit, as_of, as_of + timedelta(seconds=2), RiskParameters(reference_equity=5_000.0)
        )


async def test_at_the_beginning_there_is_only_equity() -> None:
    state = await collected(InMemoryStorage())
    day = DayResult(day=AFTERNOON.date())
    assert state == RiskState(now=AFTERNOON, equity=Decimal(5_000), day=day)


async def test_live_recent_and_stopped_signals_are_collected() -> None:
    storage = InMemoryStorage()
    stopped_at = AFTERNOON + timedelta(minutes=40)
    paused = PauseState(is_paused=True, by="11")
    async with storage() as unit:
        await unit.signals.add(make_live())
        ended = make_ended(SignalState.STOPPED, stopped_at, make_round_signal(signal_id=2))
        await unit.signals.add(ended)
        await unit.state.set_pause(paused)
        await unit.commit()
    state = await collected(storage, timedelta(minutes=45))
    assert state.pause == paused
    assert len(state.trades) == 1
    assert state.published_at == (PUBLISHED_AT, PUBLISHED_AT)
    assert state.stopped_at == {"SOLUSDT": stopped_at}


async def test_what_happened_since_the_close_counts_too() -> None:
    storage = InMemoryStorage()
    just_now = AFTERNOON + timedelta(seconds=1)
    async with storage() as unit:
        await unit.signals.add(make_ended(SignalState.STOPPED, just_now, make_round_signal()))
        await unit.commit()
    state = await collected(storage)
    assert state.stopped_at == {"SOLUSDT": just_now}
    assert state.published_at == (PUBLISHED_AT,)


async def test_what_happened_more_than_a_day_ago_is_forgotten() -> None:
    storage = InMemoryStorage()
    async with storage() as unit:
        await unit.signals.add(make_ended(SignalState.STOPPED, AFTERNOON, make_round_signal()))
        await unit.commit()
    state = await collected(storage, timedelta(days=1, minutes=15))
    assert (state.published_at, state.stopped_at) == ((), {})


async def add(storage: InMemoryStorage, *signals: FollowedSignal) -> None:
    async with storage() as unit:
        for followed in signals:
            await unit.signals.add(followed)
        await unit.commit()


async def test_the_day_is_that_of_the_moment_not_of_the_close() -> None:
    storage = InMemoryStorage()
    midnight = datetime(2025, 10, 7, tzinfo=UTC)
    await add(storage, make_loser(1, midnight - timedelta(seconds=1)), make_loser(2, midnight))
    parameters = RiskParameters(reference_equity=12_000.0)
    async with storage() as unit:
        before = await collect_risk_state(
            unit, midnight - timedelta(minutes=15), midnight - timedelta(seconds=1), parameters
        )
        after = await collect_risk_state(
            unit, midnight - timedelta(minutes=15), midnight, parameters
        )
    loss = Decimal(-2)
    assert (before.day.day, before.day.total_percent) == (date(2025, 10, 6), loss)
    assert (after.day.day, after.day.total_percent) == (date(2025, 10, 7), loss)


async def test_everything_of_a_long_day_counts_to_its_last_minute() -> None:
    storage = InMemoryStorage()
    await add(storage, make_loser(1, datetime(2025, 10, 6, tzinfo=UTC)))
    last = datetime(2025, 10, 6, 23, 59, 59, tzinfo=UTC)
    async with storage() as unit:
        state = await collect_risk_state(unit, last, last, RiskParameters())
    assert state.day.total_percent == Decimal("-2.4")


async def test_what_a_clock_that_leapt_back_calls_future_counts_too() -> None:
    storage = InMemoryStorage()
    later = AFTERNOON + timedelta(hours=2)
    await add(storage, make_loser(1, later))
    state = await collected(storage)
    assert [trade.ended_at for trade in state.ended] == [later]
    assert state.stopped_at == {"SOLUSDT": later}


async def test_facts_beside_storage_are_asked_for() -> None:
    storage, known = InMemoryStorage(), Correlations(values={("A", "B"): 0.5})
    await add(storage, make_live())
    facts = RiskFacts(
        price={"SOLUSDT": Decimal(101)}.get,
        correlations=lambda _as_of, _symbols: known,
        clock_age_seconds=lambda: 12.0,
    )
    async with storage() as unit:
        state = await collect_risk_state(unit, AFTERNOON, AFTERNOON, RiskParameters(), facts=facts)
        blind = await collect_risk_state(unit, AFTERNOON, AFTERNOON, RiskParameters())
    assert (state.correlations, state.clock_age_seconds) == (known, 12.0)
    assert state.day.open_percent > 0
    assert blind.day.unpriced == ("SOL/USDT",)


async def test_a_restart_in_any_state_changes_nothing() -> None:
    storage = InMemoryStorage()
    latch = Latch(breaker="drawdown", level=3, tripped_at=AFTERNOON, text="down")
    losers = (make_loser(n, AFTERNOON - timedelta(minutes=n)) for n in (4, 3, 2))
    await add(storage, make_live(), *losers)
    async with storage() as unit:
        await unit.state.set_latch(latch)
        await unit.state.set_pause(PauseState(is_paused=True, since=AFTERNOON, by="7"))
        await unit.commit()
    before = await collected(storage)
    assert before.latches == (latch,)
    assert len(before.ended) == 3
    assert await collected(storage) == before
