"""Whatever follows whatever: caps hold, shrinks add up, and denials leave nothing out."""

import re
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.correlations import Correlations
from domain.decisions import Decision
from domain.directions import Direction
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.plans import Denied, TradePlan
from domain.signals import Course, FollowedSignal, SignalState
from domain.trading_state import PauseState
from risk.breakers import BreakerParameters
from risk.breakers.correlation_guard import CorrelationGuardParameters
from risk.breakers.max_positions import MaxPositionsParameters
from risk.day import DayResult
from risk.gate import RiskParameters, assess, plan_without_account
from risk.heat import compute_exposure, compute_heat
from risk.state import RiskState
from tests.builders.market import make_instrument
from tests.builders.signals import CLOSED_AT, LEDGER_HASH, VALIDITY, make_signal
from tests.unit.risk.trade_builders import (
    make_candidate,
    make_open_trade,
    make_results,
    make_snapshot,
    make_state,
)

PARAMETERS = RiskParameters()

UNGUARDED = replace(
    PARAMETERS,
    breakers=BreakerParameters(
        max_positions=MaxPositionsParameters(maximum_positions=100),
        correlation_guard=CorrelationGuardParameters(maximum_cluster=100),
    ),
)
"""Nothing but the caps stands in the way of another trade."""

SYMBOLS = [f"P{number}USDT" for number in range(12)]


@st.composite
def candidates(draw: st.DrawFn) -> tuple[Decision, MarketSnapshot]:
    symbol = draw(st.sampled_from(SYMBOLS))
    close = draw(st.floats(0.5, 5_000))
    decision = make_candidate(
        draw(st.sampled_from(Direction)),
        symbol=symbol,
        score=draw(st.floats(64, 100)),
        close=close,
        atr=close * draw(st.floats(0.002, 0.021)),
        regime=draw(st.sampled_from(Regime)),
    )
    base = symbol.removesuffix("USDT")
    snapshot = make_snapshot(
        instrument=make_instrument(base, tick="0.001", step="0.001"),
        spread_percent=draw(st.none() | st.floats(0, 0.1)),
        turnover=draw(st.floats(1e5, 1e9)),
    )
    return decision, snapshot


@st.composite
def states(draw: st.DrawFn) -> RiskState:
    losses = draw(st.lists(st.integers(0, 700).map(Decimal), max_size=3))
    trades = tuple(
        make_open_trade(f"LIVE{number}USDT", draw(st.sampled_from(Direction)), loss_at_stop=f"{x}")
        for number, x in enumerate(losses)
    )
    result = draw(st.floats(-1.9, 3).map(lambda number: Decimal(f"{number:.2f}")))
    return make_state(
        equity=Decimal(draw(st.integers(1_000, 10**6))),
        trades=trades,
        ended=make_results(*draw(st.lists(st.sampled_from(["1", "-1"]), max_size=8))),
        day=DayResult(day=CLOSED_AT.date(), realised_percent=result),
        correlations=Correlations(
            values={("LIVE0USDT", symbol): draw(st.floats(-1, 1)) for symbol in SYMBOLS[:3]}
        ),
    )


def published(plan: TradePlan, decision: Decision, snapshot: MarketSnapshot) -> FollowedSignal:
    signal = make_signal(instrument=snapshot.instrument, decision=decision, plan=plan)
    course = Course(state=SignalState.PUBLISHED, stop=plan.stop)
    return FollowedSignal(signal=signal, course=course, ledger_hash=LEDGER_HASH)


@given(start=states(), queue=st.lists(candidates(), max_size=12), guarded=st.booleans())
@settings(max_examples=60, deadline=None)
def test_total_heat_and_exposure_never_exceed_their_caps(
    start: RiskState, queue: list[tuple[Decision, MarketSnapshot]], guarded: bool
) -> None:
    parameters = PARAMETERS if guarded else UNGUARDED
    state = start
    for decision, snapshot in queue:
        verdict = assess(decision, snapshot, state, parameters, entry_window=VALIDITY)
        if isinstance(verdict, TradePlan):
            state = state.with_signal(published(verdict, decision, snapshot))
    heat_cap = state.equity * Decimal("0.06")
    assert compute_heat(state) <= max(heat_cap, compute_heat(start))
    assert compute_exposure(state) <= max(state.equity * 5, compute_exposure(start))


def factors_of(plan: TradePlan) -> list[Decimal]:
    found = (re.search(r"(\d+)% of the (full )?risk", words) for words in plan.shrinks)
    return [Decimal(match.group(1)) / 100 for match in found if match]


@given(candidate=candidates(), wins=st.integers(0, 8))
@settings(max_examples=80, deadline=None)
def test_every_shrink_is_told_and_the_factors_multiply_to_the_size(
    candidate: tuple[Decision, MarketSnapshot], wins: int
) -> None:
    decision, snapshot = candidate
    state = make_state(ended=make_results(*["1"] * wins))
    verdict = assess(decision, snapshot, state, PARAMETERS, entry_window=VALIDITY)
    full = plan_without_account(decision, snapshot, PARAMETERS, entry_window=VALIDITY)
    if isinstance(verdict, Denied) or full is None:
        return
    share = Decimal(1)
    for factor in factors_of(verdict):
        share *= factor
    steps = snapshot.instrument.step
    is_capped = len(factors_of(verdict)) < len(verdict.shrinks)
    # Both sizes were rounded down to a step, the full one before it is multiplied.
    assert verdict.quantity <= share * (full.quantity + steps)
    assert is_capped or verdict.quantity >= share * full.quantity - steps


@given(state=states(), candidate=candidates())
@settings(max_examples=80, deadline=None)
def test_a_denial_names_every_reason_that_holds_by_itself(
    state: RiskState, candidate: tuple[Decision, MarketSnapshot]
) -> None:
    decision, snapshot = candidate
    before = assess(decision, snapshot, state, PARAMETERS, entry_window=VALIDITY)
    reasons = [] if isinstance(before, TradePlan) else [each.rule for each in before.denials]
    worse = replace(
        state,
        pause=PauseState(is_paused=True),
        clock_age_seconds=1e6,
        stopped_at={decision.symbol: CLOSED_AT},
    )
    after = assess(
        replace(decision, atr_ratio=99.0), snapshot, worse, PARAMETERS, entry_window=VALIDITY
    )
    assert isinstance(after, Denied)
    found = [denial.rule for denial in after.denials]
    added = {"paused", "clock_health", "extreme_volatility", "revenge"}
    assert added <= set(found)
    assert [rule for rule in found if rule not in added] == reasons
    assert all(denial.text for denial in after.denials)


@given(state=states(), candidate=candidates())
@settings(max_examples=60, deadline=None)
def test_turning_everything_around_turns_the_plan_around(
    state: RiskState, candidate: tuple[Decision, MarketSnapshot]
) -> None:
    decision, snapshot = candidate
    assert decision.direction is not None
    snapshot = replace(snapshot, funding=None)
    turned = replace(
        state,
        trades=tuple(replace(trade, direction=trade.direction.opposite) for trade in state.trades),
    )
    one = assess(decision, snapshot, state, PARAMETERS, entry_window=VALIDITY)
    other = assess(
        replace(decision, direction=decision.direction.opposite),
        snapshot,
        turned,
        PARAMETERS,
        entry_window=VALIDITY,
    )
    assert type(one) is type(other)
    if isinstance(one, TradePlan) and isinstance(other, TradePlan):
        assert (one.quantity, one.shrinks) == (other.quantity, other.shrinks)
    if isinstance(one, Denied) and isinstance(other, Denied):
        assert [each.rule for each in one.denials] == [each.rule for each in other.denials]
