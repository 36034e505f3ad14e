"""Margin on isolated positions: what orders reserve, what is free, where a position is liquidated.

Formulas follow the venue's public documentation ("Cost required to open a position", "How to
calculate liquidation price of USDT-margined contracts", isolated case).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.orders import Side, exit_side
from exchanges.matching.money import round_money, round_money_up
from exchanges.matching.positions import HeldPosition
from exchanges.matching.reducing import only_reduces, slot_of
from exchanges.matching.register import Register, Slot
from exchanges.matching.terms import Bracket, SymbolTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An order, open or about to be, that may enlarge a position."""

    slot: Slot
    side: Side
    price: Decimal
    quantity: Decimal


def initial_margin(price: Decimal, quantity: Decimal, leverage: int) -> Decimal:
    """What opening takes: notional over leverage, rounded up."""
    return round_money_up(price * quantity / leverage)


def available(register: Register) -> Decimal:
    """Wallet less isolated margins and what open orders reserve; may be below 0 after fees."""
    symbols = {order.ticket.symbol for order in register.orders()}
    reserved = sum((reserved_margin(register, each) for each in symbols), Decimal(0))
    margins = sum((held.margin for _, held in register.positions()), Decimal(0))
    return register.state.wallet - margins - reserved


def open_claims(register: Register, symbol: str) -> list[Claim]:
    """Open orders of a symbol that may enlarge a position."""
    return [
        Claim(
            slot=slot_of(order.ticket),
            side=order.ticket.side,
            price=order.ticket.price,
            quantity=order.remaining,
        )
        for order in register.orders(symbol)
        if order.ticket.price is not None and not only_reduces(order.ticket)
    ]


def reserved_margin(register: Register, symbol: str, extra: Claim | None = None) -> Decimal:
    """What open orders of a symbol, and one more, reserve.

    In one-way mode only one side can enlarge the position, so the larger need counts; in hedge
    mode each direction has its own.
    """
    claims = open_claims(register, symbol) + ([] if extra is None else [extra])
    buys = _need(register, symbol, [each for each in claims if each.side is Side.BUY])
    sells = _need(register, symbol, [each for each in claims if each.side is Side.SELL])
    return buys + sells if register.state.mode is PositionMode.HEDGE else max(buys, sells)


def _need(register: Register, symbol: str, claims: list[Claim]) -> Decimal:
    total = sum((each.quantity for each in claims), Decimal(0))
    if not total:
        return total
    opening = max(Decimal(0), total - _closing(register, claims[0]))
    mark, leverage = register.state.marks.get(symbol), register.leverage(symbol)
    cost = sum((_cost(each, mark, leverage) for each in claims), Decimal(0))
    return round_money_up(cost * opening / total)


def _closing(register: Register, claim: Claim) -> Decimal:
    """What orders of this side and place close first, and need no margin for."""
    held = register.state.positions.get(claim.slot)
    return held.quantity if held and claim.side is exit_side(held.direction) else Decimal(0)


def _cost(claim: Claim, mark: Decimal | None, leverage: int) -> Decimal:
    """Initial margin and open loss: what the position would lose at the mark price at once."""
    sign = 1 if claim.side is Side.BUY else -1
    loss = Decimal(0) if mark is None else max(Decimal(0), sign * (claim.price - mark))
    return claim.quantity * (claim.price / leverage + loss)


def liquidation_price(position: HeldPosition, terms: SymbolTerms) -> Decimal | None:
    """The mark price at which an isolated position has no more than its maintenance margin.

    Isolated margin + profit = notional * rate - amount, with the bracket of the notional at that
    price. None when no price above 0 does it.
    """
    prices = (_liquidation_price(position, bracket) for bracket in terms.brackets)
    fitting = _first_fitting(position, terms, prices)
    return round_money(fitting) if fitting is not None and fitting > 0 else None


def _first_fitting(
    position: HeldPosition, terms: SymbolTerms, prices: Iterable[Decimal]
) -> Decimal | None:
    price = None
    for bracket, price in zip(terms.brackets, prices, strict=True):
        if position.notional(price) <= bracket.cap:
            return price
    return price


def _liquidation_price(position: HeldPosition, bracket: Bracket) -> Decimal:
    sign = position.direction.sign
    balance = position.margin + bracket.maintenance_amount - sign * position.cost
    return balance / (position.quantity * (bracket.maintenance_rate - sign))


def is_liquidated(position: HeldPosition, terms: SymbolTerms, mark: Decimal) -> bool:
    """Whether a mark price has reached the liquidation price."""
    price = liquidation_price(position, terms)
    if price is None:
        return False
    return mark <= price if position.direction is Direction.LONG else mark >= price
