"""Whether an account may enlarge a position by an order: margin and the leverage bracket."""

from decimal import Decimal

from domain.orders import exit_side
from exchanges.matching.margins import Claim, available, open_claims, reserved_margin
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.register import Register


def check_affordable(register: Register, claim: Claim) -> None:
    """Raises `RuleBrokenError` when the order would need more margin than is free, or too large a
    position. Orders that need no more margin than is reserved already always pass the first.
    """
    _check_bracket(register, claim)
    symbol = claim.slot[0]
    more = reserved_margin(register, symbol, claim) - reserved_margin(register, symbol)
    free = available(register)
    if more > 0 and more > free:
        raise RuleBrokenError(Cause.MARGIN, f"{symbol} needs {more}, free is {free}")


def _check_bracket(register: Register, claim: Claim) -> None:
    symbol = claim.slot[0]
    leverage = register.leverage(symbol)
    largest = register.terms_of(symbol).largest_notional(leverage)
    same = [
        each.quantity
        for each in open_claims(register, symbol)
        if each.slot == claim.slot and each.side is claim.side
    ]
    quantity = _held(register, claim) + sum(same, claim.quantity)
    if quantity * claim.price > largest:
        detail = f"{symbol} {quantity * claim.price} of {largest} at leverage {leverage}"
        raise RuleBrokenError(Cause.ABOVE_BRACKET, detail)


def _held(register: Register, claim: Claim) -> Decimal:
    """What is held in the direction of the order; below 0 when it closes first."""
    held = register.state.positions.get(claim.slot)
    if held is None:
        return Decimal(0)
    return -held.quantity if claim.side is exit_side(held.direction) else held.quantity
