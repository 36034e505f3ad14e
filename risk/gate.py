"""The risk gate: a decision becomes a trade plan, or a denial with every reason there is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from domain.decisions import Decision
from domain.directions import Direction
from domain.instruments import Instrument, to_decimal
from domain.lifecycle import LifecycleParameters
from domain.market import MarketSnapshot
from domain.parameters import Parameters, parameter
from domain.plans import Denial, Denied, TradePlan, TradingCosts
from risk.breakers import BreakerParameters, Candidate, Ruling, check_breakers
from risk.costs import CostParameters, Terms, compute_costs
from risk.heat import HeatParameters, check_heat, exposure_cap, heat_cap
from risk.levels import LevelParameters, Levels, check_levels, compute_levels
from risk.liquidity import LiquidityParameters, check_liquidity, compute_turnover, liquidity_cap
from risk.margin import MarginParameters, lowest_leverage, margin_cap, margin_left
from risk.percentages import exact, percent_of, share_of
from risk.risk_per_trade import RiskPerTradeParameters, compute_allowed_risk
from risk.sizing import Size, compute_size, size_without_limits
from risk.state import RiskState

_PRECISION = Decimal("0.00000001")
"""Grid of derived figures that no venue filter rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskParameters(Parameters):
    """Everything the gate goes by, in the groups of its rules."""

    reference_equity: float = parameter(
        10_000.0,
        doc="equity that published sizes refer to while no account is connected",
        unit="USDT",
        source="a round number that a follower scales to an own account",
        low=10,
        high=1e9,
    )
    breakers: BreakerParameters = field(default_factory=BreakerParameters)
    costs: CostParameters = field(default_factory=CostParameters)
    levels: LevelParameters = field(default_factory=LevelParameters)
    lifecycle: LifecycleParameters = field(default_factory=LifecycleParameters)
    risk_per_trade: RiskPerTradeParameters = field(default_factory=RiskPerTradeParameters)
    heat: HeatParameters = field(default_factory=HeatParameters)
    margin: MarginParameters = field(default_factory=MarginParameters)
    liquidity: LiquidityParameters = field(default_factory=LiquidityParameters)


def assess(
    decision: Decision,
    snapshot: MarketSnapshot,
    state: RiskState,
    parameters: RiskParameters,
    *,
    entry_window: timedelta,
) -> TradePlan | Denied:
    """Judge a decision that has a direction against the market's facts and the account's state.

    `entry_window` is for how long after the close it can be entered: funding may fall due later.
    The order is fixed: breakers, levels, risk of the trade, heat, liquidity, size. Every rule that
    can be judged is judged, so that a denial names all of its reasons; without a price and an ATR
    nothing can be after the breakers. Raises `ValueError` for a decision without a direction.
    """
    if decision.direction is None:
        raise ValueError(f"{decision.symbol} at {decision.as_of.isoformat()} has no direction")
    candidate = Candidate(decision=decision, direction=decision.direction, snapshot=snapshot)
    rulings = check_breakers(candidate, state, parameters.breakers)
    tripped = tuple(_denial(ruling) for ruling in rulings if ruling.is_blocking)
    unknown = _check_inputs(decision, snapshot.instrument)
    if unknown or decision.atr is None:
        return Denied(denials=(*tripped, *unknown))
    costs, levels = _compute_trade(
        decision.direction, decision.close, decision.atr, snapshot, parameters, entry_window
    )
    flawed = check_levels(levels, parameters.levels)
    size = _judge_size(candidate, rulings, levels, state, parameters)
    if isinstance(size, tuple) or tripped or flawed:
        return Denied(denials=(*tripped, *flawed, *(size if isinstance(size, tuple) else ())))
    margin = margin_left(decision.symbol, state, parameters.margin)
    return _plan(decision.symbol, decision.direction, costs, levels, size, margin, state.equity)


def plan_without_account(
    decision: Decision,
    snapshot: MarketSnapshot,
    parameters: RiskParameters,
    *,
    entry_window: timedelta,
) -> TradePlan | None:
    """The plan that a decision would have had, had nothing of account or breakers stood in its way.

    Levels and costs are those of a real plan; the size is that of one trade at the full risk and
    the reference equity, at least one step. No cap, no breaker, no limit of stop distance or
    reward to risk is asked. None where there is no trade to speak of: without a direction, a price
    or an ATR, or where a level would not be above 0.
    """
    if decision.direction is None or decision.atr is None:
        return None
    if _check_inputs(decision, snapshot.instrument):
        return None
    costs, levels = _compute_trade(
        decision.direction, decision.close, decision.atr, snapshot, parameters, entry_window
    )
    if min(levels.stop, *(target.price for target in levels.targets)) <= 0:
        return None
    equity = exact(parameters.reference_equity)
    risk = equity * share_of(parameters.risk_per_trade.full_risk_percent)
    size = size_without_limits(risk, snapshot.instrument, levels)
    margin = equity * share_of(parameters.margin.maximum_margin_percent)
    return _plan(decision.symbol, decision.direction, costs, levels, size, margin, equity)


def check_trade(
    direction: Direction,
    close: float,
    atr: float,
    terms: Terms,
    parameters: RiskParameters,
    *,
    entry_window: timedelta,
) -> tuple[Denial, ...]:
    """What `assess` would say of the levels alone, before there is a decision with its words.

    None where no level can be computed: `assess` says why.
    """
    if _check_numbers(close, atr, terms.instrument):
        return ()
    _, levels = _compute_trade(direction, close, atr, terms, parameters, entry_window)
    return check_levels(levels, parameters.levels)


def _check_inputs(decision: Decision, instrument: Instrument) -> tuple[Denial, ...]:
    return _check_numbers(decision.close, decision.atr, instrument)


def _check_numbers(close: float, atr: float | None, instrument: Instrument) -> tuple[Denial, ...]:
    denials = []
    if not math.isfinite(close) or instrument.price(close) <= 0:
        text = f"the price {close} is not one of the pair's, in steps of {instrument.tick:f}"
        denials.append(Denial(rule="no_price", text=text))
    if atr is None or not math.isfinite(atr):
        text = "ATR is unknown, so there is no distance for the stop"
        denials.append(Denial(rule="no_atr", text=text))
    return tuple(denials)


def _compute_trade(
    direction: Direction,
    close: float,
    atr: float,
    terms: Terms,
    parameters: RiskParameters,
    entry_window: timedelta,
) -> tuple[TradingCosts, Levels]:
    instrument = terms.instrument
    entry, distance = instrument.price(close), to_decimal(atr)
    hold = parameters.lifecycle.maximum_hold
    costs = compute_costs(
        direction, entry, distance, terms, hold, parameters.costs, entry_window=entry_window
    )
    return costs, compute_levels(direction, instrument, entry, distance, costs, parameters.levels)


def _denial(ruling: Ruling) -> Denial:
    return Denial(rule=ruling.breaker, text=ruling.text)


def _judge_size(
    candidate: Candidate,
    rulings: Sequence[Ruling],
    levels: Levels,
    state: RiskState,
    parameters: RiskParameters,
) -> Size | tuple[Denial, ...]:
    risk = compute_allowed_risk(candidate.decision, state, parameters.risk_per_trade)
    turnover = compute_turnover(candidate.snapshot)
    denials = (*check_heat(state, parameters.heat), *check_liquidity(turnover))
    if isinstance(risk, Denial):
        return (risk, *denials)
    if denials or turnover is None:
        return denials
    caps = (
        exposure_cap(state, parameters.heat),
        margin_cap(candidate.symbol, state, parameters.margin),
        liquidity_cap(turnover, parameters.liquidity),
    )
    for ruling in rulings:
        risk = risk.times(ruling.factor, ruling.text)
    allowed = risk.capped(heat_cap(state, parameters.heat))
    size = compute_size(allowed, caps, candidate.snapshot.instrument, levels)
    return (size,) if isinstance(size, Denial) else size


def _plan(
    symbol: str,
    direction: Direction,
    costs: TradingCosts,
    levels: Levels,
    size: Size,
    margin: Decimal,
    equity: Decimal,
) -> TradePlan:
    leverage = lowest_leverage(size.notional, margin)
    return TradePlan(
        symbol=symbol,
        direction=direction,
        entry=levels.entry,
        stop=levels.stop,
        stop_distance=levels.stop_distance,
        targets=levels.targets,
        break_even=levels.break_even,
        atr=levels.trail,
        costs=costs,
        gross_reward_to_risk=levels.gross_reward_to_risk,
        net_reward_to_risk=levels.net_reward_to_risk,
        quantity=size.quantity,
        notional=size.notional,
        margin=(size.notional / leverage).quantize(_PRECISION),
        leverage=leverage,
        risk_amount=size.risk_amount,
        risk_percent=percent_of(size.risk_amount, equity).quantize(_PRECISION),
        shrinks=size.shrinks,
    )
