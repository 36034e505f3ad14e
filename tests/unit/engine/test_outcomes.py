"""What an ended signal adds to memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.memory import Origin, PastOutcome
from domain.signals import FollowedSignal, SignalState
from domain.timeframes import to_ms
from engine.outcomes import outcome_of
from tests.builders.outside import A_SETUP
from tests.builders.signals import CLOSED_AT, make_decision, make_followed, make_signal
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.following import ENTRY, NEVER_MET, STOP, Following

LATER = CLOSED_AT + timedelta(hours=1)
NO_TRADES = (SignalState.EXPIRED, SignalState.CANCELLED)
TRADES = [state for state in SignalState if state.is_final and state not in NO_TRADES]


def followed(state: SignalState) -> FollowedSignal:
    decision = replace(make_decision(), setup=A_SETUP)
    return make_followed(state, signal=make_signal(decision=decision))


@pytest.mark.parametrize("state", TRADES)
def test_trade_that_ended_is_remembered_with_the_result_of_its_whole_course(
    state: SignalState,
) -> None:
    ended = followed(state)
    assert outcome_of(ended, LATER) == PastOutcome(
        symbol="BTCUSDT",
        setup=A_SETUP,
        origin=Origin.LIVE,
        realised_r=float(ended.course.realised_r),
        decided_ms=to_ms(CLOSED_AT),
        known_ms=to_ms(LATER),
    )


@pytest.mark.parametrize("state", [state for state in SignalState if state not in TRADES])
def test_live_signals_and_those_never_entered_are_not_remembered(state: SignalState) -> None:
    assert outcome_of(followed(state), LATER) is None


def test_signal_without_a_setup_is_not_remembered() -> None:
    assert outcome_of(make_followed(SignalState.STOPPED), LATER) is None


async def remembered(bench: Following) -> list[PastOutcome]:
    async with bench.storage() as unit:
        return await unit.outcomes.list_all()


async def test_end_and_outcome_are_stored_together_and_once() -> None:
    bench = Following()
    signal = await bench.publish([ENTRY, STOP], setup=A_SETUP)
    await bench.after(1)
    assert await remembered(bench) == []
    counting = FailingStorage(bench.storage)
    bench.follow = bench.new_follower(counting.storage)
    for minutes in (2, 3):
        await bench.after(minutes)
    (outcome,) = await remembered(bench)
    assert counting.steps.count("commit") == 1
    assert outcome.realised_r == float((await bench.now(signal)).course.realised_r)
    assert outcome.realised_r < 0
    assert outcome.known_ms == to_ms(bench.clock.now() - timedelta(minutes=1))


async def test_expired_signal_leaves_no_outcome() -> None:
    bench = Following()
    await bench.publish([NEVER_MET] * 20, setup=A_SETUP)
    await bench.after(14)
    assert await remembered(bench) == []
