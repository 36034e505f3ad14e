"""What the risk gate is told of the account and the day."""

from datetime import timedelta
from decimal import Decimal

from domain.signals import SignalState
from domain.trading_state import PauseState
from engine.risk_state import collect_risk_state
from risk.gate import RiskParameters
from risk.state import RiskState
from tests.builders.signals import PUBLISHED_AT
from tests.fakes.clock import AFTERNOON
from tests.fakes.storage import InMemoryStorage
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
    assert state == RiskState(now=AFTERNOON, equity=Decimal(5_000))


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
