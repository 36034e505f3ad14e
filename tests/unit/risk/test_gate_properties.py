"""Whatever comes in: risk is kept, the venue's filters are kept, and shorts mirror longs."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.derivatives import Funding
from domain.directions import Direction
from domain.instruments import Instrument
from domain.market_regime import Regime
from domain.plans import Denied, TradePlan
from risk.gate import RiskParameters, assess
from risk.state import RiskState
from tests.builders.signals import CLOSED_AT, VALIDITY
from tests.unit.risk.trade_builders import SOL, make_candidate, make_snapshot, make_state

PARAMETERS = RiskParameters()
PLACES = st.sampled_from([Decimal(1).scaleb(-places) for places in range(5)])


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    step = draw(PLACES)
    return replace(
        SOL,
        tick=draw(PLACES),
        step=step,
        minimum_quantity=step * draw(st.integers(0, 5)),
        minimum_notional=Decimal(draw(st.integers(0, 100))),
        maximum_quantity=draw(st.none() | st.integers(1, 1000).map(Decimal)),
    )


@st.composite
def verdicts(draw: st.DrawFn) -> tuple[Instrument, RiskState, TradePlan | Denied]:
    instrument = draw(instruments())
    candidate = make_candidate(
        draw(st.sampled_from(Direction)),
        score=draw(st.floats(64, 100)),
        close=draw(st.floats(1, 50_000)),
        regime=draw(st.sampled_from(Regime)),
    )
    candidate = replace(
        candidate, atr=candidate.close * draw(st.floats(0.004, 0.012) | st.floats(0, 0.021))
    )
    snapshot = make_snapshot(
        instrument=instrument,
        spread_percent=draw(st.none() | st.floats(0, 0.1)),
        turnover=draw(st.floats(1e5, 1e9)),
        funding=Funding(
            rate=draw(st.floats(-0.0005, 0.0005)),
            next_at=CLOSED_AT + timedelta(minutes=draw(st.integers(-5, 300))),
        ),
    )
    state = make_state(equity=Decimal(draw(st.integers(1000, 10**7))))
    return instrument, state, assess(candidate, snapshot, state, PARAMETERS, entry_window=VALIDITY)


def is_on_grid(value: Decimal, grid: Decimal) -> bool:
    return value % grid == 0


@given(verdicts())
@settings(max_examples=150)
def test_plan_never_risks_more_than_allowed(
    found: tuple[Instrument, RiskState, TradePlan | Denied],
) -> None:
    _, state, plan = found
    if isinstance(plan, Denied):
        return
    loss = plan.quantity * (abs(plan.entry - plan.stop) + plan.entry * plan.costs.round_trip)
    assert loss == plan.risk_amount <= state.equity * Decimal("0.015")
    assert plan.margin <= state.equity * Decimal("0.2")
    assert abs(plan.margin * plan.leverage - plan.notional) < Decimal("0.000001")
    assert 1 <= plan.leverage <= 10


@given(verdicts())
@settings(max_examples=150)
def test_plan_keeps_the_venues_filters(
    found: tuple[Instrument, RiskState, TradePlan | Denied],
) -> None:
    instrument, _, plan = found
    if isinstance(plan, Denied):
        return
    prices = [plan.entry, plan.stop, plan.break_even, *(target.price for target in plan.targets)]
    assert all(is_on_grid(price, instrument.tick) for price in prices)
    assert is_on_grid(plan.quantity, instrument.step)
    assert plan.quantity >= instrument.minimum_quantity
    assert plan.notional >= instrument.minimum_notional
    assert instrument.maximum_quantity is None or plan.quantity <= instrument.maximum_quantity


@given(verdicts())
@settings(max_examples=150)
def test_plan_is_worth_its_costs(found: tuple[Instrument, RiskState, TradePlan | Denied]) -> None:
    _, _, plan = found
    if isinstance(plan, Denied):
        assert plan.denials
        return
    sign = plan.direction.sign
    ladder = [plan.stop, plan.entry, *(target.price for target in plan.targets)]
    assert sorted(ladder, reverse=sign < 0) == ladder
    assert sign * (plan.break_even - plan.entry) >= plan.entry * plan.costs.round_trip
    assert plan.net_reward_to_risk >= Decimal("1.5")
    assert plan.stop_percent <= 3
    assert plan.costs.funding >= 0


@given(
    close=st.integers(1000, 100_000),
    atr=st.integers(1, 3000),
    rate=st.floats(-0.002, 0.002),
    score=st.floats(60, 100),
    minutes=st.integers(1, 300),
)
@settings(max_examples=100)
def test_short_is_the_mirror_of_a_long(
    close: int, atr: int, rate: float, score: float, minutes: int
) -> None:
    price, ranges = close / 100, atr / 1000
    due = CLOSED_AT + timedelta(minutes=minutes)

    def judged(direction: Direction) -> TradePlan | Denied:
        funding = Funding(rate=direction.sign * rate, next_at=due)
        candidate = make_candidate(direction, close=price, atr=ranges, score=score)
        return assess(
            candidate,
            make_snapshot(funding=funding),
            make_state(),
            PARAMETERS,
            entry_window=VALIDITY,
        )

    long, short = judged(Direction.LONG), judged(Direction.SHORT)
    assert short == (long if isinstance(long, Denied) else reflected(long))


def reflected(plan: TradePlan) -> TradePlan:
    def mirror(price: Decimal) -> Decimal:
        return 2 * plan.entry - price

    first, second, third = (replace(target, price=mirror(target.price)) for target in plan.targets)
    return replace(
        plan,
        direction=plan.direction.opposite,
        stop=mirror(plan.stop),
        targets=(first, second, third),
        break_even=mirror(plan.break_even),
    )
