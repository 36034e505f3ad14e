"""What the venue checks of a ticket before it looks at book and account: names, grids, sizes."""

import re
from decimal import Decimal
from typing import Final

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.instruments import Instrument
from domain.orders import OrderKind, Side
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.terms import SymbolTerms
from exchanges.matching.tickets import ConditionalTicket, Ticket

_CLIENT_ID: Final = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")


def check_form(ticket: Ticket | ConditionalTicket, terms: SymbolTerms, mode: PositionMode) -> None:
    """Client id, position side, quantity. Raises `RuleBrokenError`."""
    if not _CLIENT_ID.fullmatch(ticket.client_id):
        raise RuleBrokenError(Cause.BAD_CLIENT_ID, repr(ticket.client_id))
    _check_position_side(ticket.position_side, mode)
    if ticket.quantity is not None:
        _check_quantity(ticket.quantity, terms.instrument)


def check_price(ticket: Ticket, terms: SymbolTerms, mark: Decimal | None) -> None:
    """Price of a limit order: there, on the grid, not too far from the mark price."""
    price = ticket.price
    if ticket.kind is OrderKind.MARKET:
        if price is not None:
            raise RuleBrokenError(Cause.BAD_PRICE, f"a market order with the price {price}")
        return
    if ticket.kind is OrderKind.STOP or price is None:
        raise RuleBrokenError(Cause.BAD_PRICE, f"{ticket.kind} order with the price {price}")
    check_on_tick(price, terms.instrument)
    _check_distance(price, ticket.side, terms, mark)


def check_on_tick(price: Decimal, instrument: Instrument) -> None:
    """A price above zero on the tick grid."""
    if not price.is_finite() or price <= 0:
        raise RuleBrokenError(Cause.BAD_PRICE, f"{instrument.symbol} {price}")
    if price % instrument.tick:
        raise RuleBrokenError(Cause.OFF_TICK, f"{instrument.symbol} {price}: {instrument.tick}")


def check_largest(quantity: Decimal, kind: OrderKind, terms: SymbolTerms) -> None:
    """The largest quantity, which may be lower for market orders."""
    largest = terms.instrument.maximum_quantity
    if kind is OrderKind.MARKET and terms.maximum_market_quantity is not None:
        largest = terms.maximum_market_quantity
    if largest is not None and quantity > largest:
        raise RuleBrokenError(Cause.QUANTITY_TOO_LARGE, f"{terms.symbol} {quantity} of {largest}")


def check_notional(price: Decimal, quantity: Decimal, instrument: Instrument) -> None:
    """The smallest notional, from which orders that reduce are exempt."""
    notional = price * quantity
    if notional < instrument.minimum_notional:
        detail = f"{instrument.symbol} {notional} of {instrument.minimum_notional}"
        raise RuleBrokenError(Cause.NOTIONAL_TOO_SMALL, detail)


def _check_position_side(position_side: Direction | None, mode: PositionMode) -> None:
    if (position_side is None) is (mode is PositionMode.HEDGE):
        named = "both" if position_side is None else position_side
        raise RuleBrokenError(Cause.WRONG_POSITION_SIDE, f"{named} in {mode} mode")


def _check_quantity(quantity: Decimal, instrument: Instrument) -> None:
    if not quantity.is_finite() or quantity <= 0:
        raise RuleBrokenError(Cause.BAD_QUANTITY, f"{instrument.symbol} {quantity}")
    if quantity % instrument.step:
        raise RuleBrokenError(Cause.OFF_STEP, f"{instrument.symbol} {quantity}: {instrument.step}")
    if quantity < instrument.minimum_quantity:
        detail = f"{instrument.symbol} {quantity} of {instrument.minimum_quantity}"
        raise RuleBrokenError(Cause.QUANTITY_TOO_SMALL, detail)


def _check_distance(price: Decimal, side: Side, terms: SymbolTerms, mark: Decimal | None) -> None:
    if mark is None:
        return
    if side is Side.BUY and price > mark * terms.highest_share:
        raise RuleBrokenError(Cause.PRICE_TOO_HIGH, f"{terms.symbol} {price}, mark {mark}")
    if side is Side.SELL and price < mark * terms.lowest_share:
        raise RuleBrokenError(Cause.PRICE_TOO_LOW, f"{terms.symbol} {price}, mark {mark}")
