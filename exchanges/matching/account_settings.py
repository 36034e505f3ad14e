"""Leverage, margin type and position mode: what may be changed, and when."""

from dataclasses import replace
from decimal import Decimal

from domain.accounts import PositionMode
from exchanges.matching.margins import available
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.register import Register


def change_leverage(register: Register, symbol: str, leverage: int) -> bool:
    """Set the leverage of a symbol; False when it was that already. Raises `RuleBrokenError`."""
    before = register.leverage(symbol)
    _check_leverage(register, symbol, leverage)
    if leverage == before:
        return False
    register.state.leverages[symbol] = leverage
    if leverage < before and available(register) < 0:
        register.state.leverages[symbol] = before
        raise RuleBrokenError(Cause.MARGIN, f"{symbol}: open orders at leverage {leverage}")
    for slot, held in register.positions(symbol):
        register.hold(slot, replace(held, leverage=leverage))
    return True


def _check_leverage(register: Register, symbol: str, leverage: int) -> None:
    terms = register.terms_of(symbol)
    if not 1 <= leverage <= terms.maximum_leverage:
        detail = f"{symbol} {leverage}, allowed is 1 to {terms.maximum_leverage}"
        raise RuleBrokenError(Cause.BAD_LEVERAGE, detail)
    held = [position for _, position in register.positions(symbol)]
    if any(leverage < position.leverage for position in held):
        raise RuleBrokenError(Cause.LEVERAGE_WITH_POSITION, f"{symbol} to {leverage}")
    notional = max((position.cost for position in held), default=Decimal(0))
    if notional > terms.largest_notional(leverage):
        raise RuleBrokenError(Cause.ABOVE_BRACKET, f"{symbol} {notional} at leverage {leverage}")


def change_margin_type(register: Register, symbol: str, *, isolated: bool) -> bool:
    """Set isolated or cross margin; False when it was that already. Raises `RuleBrokenError`."""
    register.terms_of(symbol)
    if register.is_isolated(symbol) is isolated:
        return False
    _check_quiet(register, symbol)
    register.state.isolated[symbol] = isolated
    return True


def change_position_mode(register: Register, mode: PositionMode) -> bool:
    """Set one-way or hedge; False when it was that already. Raises `RuleBrokenError`."""
    if register.state.mode is mode:
        return False
    _check_quiet(register, None)
    register.state.mode = mode
    return True


def _check_quiet(register: Register, symbol: str | None) -> None:
    if register.orders(symbol) or register.conditionals(symbol):
        raise RuleBrokenError(Cause.OPEN_ORDERS, symbol or "any symbol")
    if register.positions(symbol):
        raise RuleBrokenError(Cause.OPEN_POSITION, symbol or "any symbol")
