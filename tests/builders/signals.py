"""Signals, their decisions, plans and courses for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.decisions import Decision, Discard, Tier
from domain.directions import Direction
from domain.evidence import Evidence, LayerName, LayerScore
from domain.instruments import Instrument, to_decimal
from domain.lifecycle import LifecycleParameters
from domain.market_regime import Regime
from domain.plans import Target, TradePlan, TradingCosts
from domain.signals import Course, Exit, FollowedSignal, Signal, SignalState, Step
from tests.builders.market import make_instrument

CLOSED_AT = datetime(2025, 10, 6, 14, 0, tzinfo=UTC)
"""The candle boundary that built decisions stand on."""

PUBLISHED_AT = CLOSED_AT + timedelta(seconds=2)
VALIDITY = timedelta(minutes=15)
LEDGER_HASH = "3f9a01bc" + "5d7e" * 14

MULTIPLES = (Decimal("1.5"), Decimal("2.5"), Decimal(4))
FRACTIONS = (Decimal("0.4"), Decimal("0.4"), Decimal("0.2"))
COSTS = TradingCosts(
    entry_fee=Decimal("0.0005"),
    exit_fee=Decimal("0.0005"),
    slippage=Decimal("0.0002"),
    funding=Decimal("0.0001"),
)

BULLISH_EVIDENCE = (
    Evidence("rsi", 28.4, 82.0, 0.15, "RSI 28, oversold in an uptrend"),
    Evidence("macd", 12.5, 74.0, 0.15, "MACD crossed above its signal line"),
    Evidence("volume", 2.7, 70.0, 0.1, "Volume 2.7 times its mean on a rising candle"),
    Evidence("ema", 1.0, 66.0, 0.2, "Price above EMA 9, 21 and 50"),
    Evidence("adx", 14.0, 41.0, 0.1, "StochRSI 63, neutral"),
    Evidence("pattern", None, 50.0, 0.1, "No pattern"),
)


def make_layer(
    layer: LayerName = LayerName.TECHNICAL,
    *,
    direction: Direction = Direction.LONG,
    support: float = 84.0,
    age_seconds: float = 2.0,
    coverage: float = 1.0,
    evidence: Sequence[Evidence] = BULLISH_EVIDENCE,
) -> LayerScore:
    """A layer that supports the direction; evidence is given as for a long and mirrored here."""
    return LayerScore(
        layer=layer,
        bullishness=direction.support(support),
        age_seconds=age_seconds,
        coverage=coverage,
        evidence=tuple(
            Evidence(item.name, item.value, direction.support(item.bullishness), item.weight, text)
            for item, text in ((item, item.text) for item in evidence)
        ),
    )


def make_decision(
    direction: Direction | None = Direction.LONG,
    *,
    symbol: str = "BTCUSDT",
    score: float = 84.0,
    threshold: float = 65.0,
    coverage: float = 1.0,
    regime: Regime = Regime.RISK_ON,
    close: float = 64_210.5,
    layers: Sequence[LayerScore] | None = None,
    layers_on: int = 1,
    discards: Sequence[Discard] = (),
    as_of: datetime = CLOSED_AT,
) -> Decision:
    side = direction or Direction.LONG
    tier = Tier.HIGH if score >= threshold + 15 else Tier.MEDIUM
    return Decision(
        symbol=symbol,
        as_of=as_of,
        direction=direction,
        score=score,
        raw_score=score - 2,
        coverage=coverage,
        threshold=threshold,
        tier=None if discards else tier,
        regime=regime,
        close=close,
        atr=close * 0.0034,
        atr_ratio=1.12,
        layers=tuple(layers) if layers is not None else (make_layer(direction=side),),
        layers_on=layers_on,
        discards=tuple(discards),
    )


def make_plan(
    direction: Direction = Direction.LONG,
    *,
    instrument: Instrument | None = None,
    entry: str = "64210.5",
    stop_distance: str = "330.5",
    shrinks: Sequence[str] = (),
) -> TradePlan:
    market = instrument or make_instrument()
    price, distance = Decimal(entry), Decimal(stop_distance)
    first, second, third = (
        Target(
            price=market.price(price + distance * multiple * direction.sign),
            multiple=multiple,
            fraction=fraction,
        )
        for multiple, fraction in zip(MULTIPLES, FRACTIONS, strict=True)
    )
    quantity = market.quantity(Decimal(12_000) / price)
    notional = quantity * price
    return TradePlan(
        symbol=market.symbol,
        direction=direction,
        entry=price,
        stop=market.price(price - distance * direction.sign),
        stop_distance=distance,
        targets=(first, second, third),
        break_even=market.price(price * (1 + COSTS.round_trip * direction.sign)),
        atr=distance / Decimal("1.5"),
        costs=COSTS,
        gross_reward_to_risk=Decimal("2.5"),
        net_reward_to_risk=Decimal("2.17"),
        quantity=quantity,
        notional=notional,
        margin=notional / 5,
        leverage=Decimal(5),
        risk_amount=quantity * (distance + price * COSTS.round_trip),
        risk_percent=Decimal("1.50"),
        shrinks=tuple(shrinks),
    )


def make_signal(
    signal_id: int = 12,
    *,
    direction: Direction = Direction.LONG,
    instrument: Instrument | None = None,
    decision: Decision | None = None,
    plan: TradePlan | None = None,
    published_at: datetime = PUBLISHED_AT,
    rules: LifecycleParameters | None = None,
) -> Signal:
    market = instrument or make_instrument()
    return Signal(
        id=signal_id,
        instrument=market,
        decision=decision or make_decision(direction, symbol=market.symbol),
        plan=plan or make_plan(direction, instrument=market),
        published_at=published_at,
        valid_until=published_at.replace(second=0) + VALIDITY,
        rules=rules or LifecycleParameters(),
    )


def make_followed(
    state: SignalState = SignalState.PUBLISHED, *, signal: Signal | None = None
) -> FollowedSignal:
    """A signal with the course that usually leads to a state."""
    published = signal or make_signal()
    return FollowedSignal(
        signal=published, course=make_course(state, published), ledger_hash=LEDGER_HASH
    )


def make_step(followed: FollowedSignal) -> Step:
    """The step that led to a signal's present state."""
    course = followed.course
    plan = followed.signal.plan
    at = course.ended_at or (course.exits[-1].at if course.exits else course.triggered_at)
    price = course.exits[-1].price if course.exits else plan.entry
    return Step(
        state=course.state, at=at or followed.signal.published_at, price=price, course=course
    )


def make_course(state: SignalState, signal: Signal) -> Course:
    legs = _exits(state, signal)
    is_trade = state not in _WITHOUT_TRADE
    earned = _earned_r(legs, signal.plan)
    first = signal.published_at.replace(second=0)
    ended_at = (legs[-1].at if legs else signal.valid_until) if state.is_final else None
    return Course(
        state=state,
        stop=_stop(state, signal.plan),
        cursor=None if state is SignalState.PUBLISHED else 29_329_000,
        triggered_at=first + timedelta(minutes=3) if is_trade else None,
        extreme=signal.plan.targets[1].price if len(legs) > 1 else None,
        exits=legs,
        realised_r=earned,
        realised_percent=earned * signal.plan.stop_percent,
        ended_at=ended_at,
    )


_WITHOUT_TRADE = frozenset({SignalState.PUBLISHED, SignalState.EXPIRED, SignalState.CANCELLED})

_TARGETS_BEFORE = {
    SignalState.TP1: 1,
    SignalState.TP2: 2,
    SignalState.TP3: 3,
    SignalState.BREAKEVEN: 1,
    SignalState.TRAILED: 2,
}

_TARGET_STATES = (SignalState.TP1, SignalState.TP2, SignalState.TP3)


def _exits(state: SignalState, signal: Signal) -> tuple[Exit, ...]:
    plan = signal.plan
    start = signal.published_at.replace(second=0)
    reached = _TARGETS_BEFORE.get(state, 0)
    legs = [
        Exit(
            state=_TARGET_STATES[k],
            price=plan.targets[k].price,
            fraction=plan.targets[k].fraction,
            at=start + timedelta(minutes=20 + 17 * k),
        )
        for k in range(reached)
    ]
    left = 1 - sum((leg.fraction for leg in legs), Decimal(0))
    if state.is_final and left and state not in _WITHOUT_TRADE:
        legs.append(
            Exit(
                state=state,
                price=_last_price(state, plan),
                fraction=left,
                at=start + timedelta(minutes=71),
            )
        )
    return tuple(legs)


def _last_price(state: SignalState, plan: TradePlan) -> Decimal:
    if state is SignalState.STOPPED:
        return plan.stop
    if state is SignalState.BREAKEVEN:
        return plan.break_even
    if state is SignalState.TRAILED:
        return plan.targets[1].price
    return plan.entry - plan.stop_distance * plan.direction.sign / 5


def _stop(state: SignalState, plan: TradePlan) -> Decimal:
    reached = _TARGETS_BEFORE.get(state, 0)
    return (plan.stop, plan.break_even, plan.targets[0].price, plan.targets[0].price)[reached]


def _earned_r(legs: Sequence[Exit], plan: TradePlan) -> Decimal:
    cost_r = COSTS.round_trip * plan.entry / plan.stop_distance
    gross = sum(
        (
            (leg.price - plan.entry) * plan.direction.sign / plan.stop_distance * leg.fraction
            for leg in legs
        ),
        Decimal(0),
    )
    closed = sum((leg.fraction for leg in legs), Decimal(0))
    return to_decimal(gross - cost_r * closed)
