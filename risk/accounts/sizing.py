"""A signal's plan cut to one account: the same stop and targets, the account's own size."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from domain.directions import Direction
from domain.instruments import Instrument
from domain.plans import Denial, TradePlan
from risk.accounts.state import AccountRisk
from risk.allowance import Allowance, Cap
from risk.gate import RiskParameters
from risk.heat import exposure_cap, heat_cap
from risk.levels import Levels
from risk.liquidity import liquidity_cap
from risk.margin import lowest_leverage, margin_cap, margin_left
from risk.percentages import fraction_of, percent_of
from risk.sizing import Size, compute_size

_PRECISION: Final = Decimal("0.00000001")
"""Grid of derived figures that no venue filter rounds."""


def worse_price(plan: TradePlan, price: Decimal) -> Decimal:
    """The worse one for the trade of its planned entry and a price it might be entered at now."""
    if plan.direction is Direction.LONG:
        return max(plan.entry, price)
    return min(plan.entry, price)


def size_for_account(
    plan: TradePlan,
    instrument: Instrument,
    account: AccountRisk,
    parameters: RiskParameters,
    *,
    price: Decimal,
    turnover: Decimal,
) -> TradePlan | Denial:
    """The plan with quantity, notional, margin, leverage and risk of an account; or why not.

    `price` is what an entry would cost now and `turnover` that of 5 minutes in quote currency. The
    loss at the stop is reckoned from the worse of `price` and the planned entry, costs included, so
    that a price which has run away does not add to the risk: it never exceeds the plan's percentage
    of the account's equity times the share that its owner takes.
    """
    levels = _levels(plan, worse_price(plan, price))
    fees = plan.costs.entry_fee + plan.costs.slippage
    caps = (
        exposure_cap(account.state, parameters.heat),
        margin_cap(plan.symbol, account.state, parameters.margin),
        _available_cap(account, fees, parameters.margin.maximum_leverage, instrument.quote),
        liquidity_cap(turnover, parameters.liquidity),
    )
    size = compute_size(_allowed_risk(plan, account, parameters), caps, instrument, levels)
    if isinstance(size, Denial):
        return size
    budget = min(
        margin_left(plan.symbol, account.state, parameters.margin),
        account.available - size.notional * fees,
    )
    return _with_size(plan, size, _leverage(size, budget, parameters), account.state.equity)


def take_share(plan: TradePlan, instrument: Instrument, share: Decimal) -> Decimal | Denial:
    """The quantity of a share in (0, 1] of a plan on the venue's grid; or that it is too little."""
    quantity = instrument.quantity(plan.quantity * share)
    notional = plan.notional * quantity / plan.quantity
    is_enough = quantity >= instrument.minimum_quantity and notional >= instrument.minimum_notional
    if quantity > 0 and is_enough:
        return quantity
    text = (
        f"{(share * 100).normalize():f} % of this trade would be {quantity:f} {instrument.base} "
        f"({notional:.2f} {instrument.quote}); the venue takes no less than "
        f"{instrument.minimum_quantity:f} {instrument.base} and "
        f"{instrument.minimum_notional:f} {instrument.quote}"
    )
    return Denial(rule="below_minimum", text=text)


def _allowed_risk(plan: TradePlan, account: AccountRisk, parameters: RiskParameters) -> Allowance:
    share = account.account.risk_share
    risk = Allowance(amount=account.state.equity * fraction_of(plan.risk_percent))
    risk = risk.times(share, f"your limit: {share:.0%} of the risk per trade")
    return risk.capped(heat_cap(account.state, parameters.heat))


def _levels(plan: TradePlan, price: Decimal) -> Levels:
    distance = abs(price - plan.stop)
    return Levels(
        entry=price,
        stop=plan.stop,
        stop_distance=distance,
        targets=plan.targets,
        break_even=plan.break_even,
        trail=plan.atr,
        loss_per_unit=distance + price * plan.costs.round_trip,
        gross_reward_to_risk=plan.gross_reward_to_risk,
        net_reward_to_risk=plan.net_reward_to_risk,
    )


def _available_cap(account: AccountRisk, fees: Decimal, leverage: int, quote: str) -> Cap:
    """The notional whose margin at the highest leverage, and fees, are free in the account."""
    limit = account.available / (1 / Decimal(leverage) + fees)
    return Cap(limit, f"free margin {account.available:.2f} {quote} at {leverage}x")


def _leverage(size: Size, budget: Decimal, parameters: RiskParameters) -> Decimal:
    # A division that does not end may ask for a hair more than the highest leverage.
    highest = Decimal(parameters.margin.maximum_leverage)
    return min(highest, lowest_leverage(size.notional, budget))


def _with_size(plan: TradePlan, size: Size, leverage: Decimal, equity: Decimal) -> TradePlan:
    return replace(
        plan,
        quantity=size.quantity,
        notional=size.notional,
        margin=(size.notional / leverage).quantize(_PRECISION),
        leverage=leverage,
        risk_amount=size.risk_amount,
        risk_percent=percent_of(size.risk_amount, equity).quantize(_PRECISION),
        shrinks=size.shrinks,
    )
