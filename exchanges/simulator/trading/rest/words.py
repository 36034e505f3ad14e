"""Binance's words for what `exchanges.matching` keeps: kinds, states, sides, numbers."""

from decimal import Decimal
from typing import Final

from domain.directions import Direction
from domain.orders import OrderKind, OrderState
from exchanges.matching.records import ConditionalState, VenueOrder
from exchanges.matching.tickets import ConditionalKind, ConditionalTicket, Ticket, WorkingPrice

ORDER_TYPES: Final = {
    OrderKind.MARKET: "MARKET",
    OrderKind.LIMIT: "LIMIT",
    OrderKind.POST_ONLY: "LIMIT",
}
TIME_IN_FORCE: Final = {
    OrderKind.MARKET: "GTC",
    OrderKind.LIMIT: "GTC",
    OrderKind.POST_ONLY: "GTX",
}
CONDITIONAL_TYPES: Final = {
    ConditionalKind.STOP: "STOP_MARKET",
    ConditionalKind.TAKE_PROFIT: "TAKE_PROFIT_MARKET",
}
WORKING_TYPES: Final = {WorkingPrice.MARK: "MARK_PRICE", WorkingPrice.LAST: "CONTRACT_PRICE"}
POSITION_SIDES: Final = {Direction.LONG: "LONG", Direction.SHORT: "SHORT", None: "BOTH"}
ALGO_STATES: Final = {
    ConditionalState.NEW: "NEW",
    ConditionalState.TRIGGERING: "TRIGGERING",
    ConditionalState.TRIGGERED: "TRIGGERED",
    ConditionalState.FINISHED: "FINISHED",
    ConditionalState.CANCELLED: "CANCELED",
    ConditionalState.EXPIRED: "EXPIRED",
    ConditionalState.REJECTED: "REJECTED",
}

_ENDS: Final = {
    OrderState.FILLED: "FILLED",
    OrderState.CANCELLED: "CANCELED",
    OrderState.EXPIRED: "EXPIRED",
}


def order_status(order: VenueOrder) -> str:
    """NEW, PARTIALLY_FILLED, FILLED, CANCELED or EXPIRED."""
    return _ENDS.get(order.state, "PARTIALLY_FILLED" if order.filled_quantity else "NEW")


def side_word(ticket: Ticket | ConditionalTicket) -> str:
    """BUY or SELL."""
    return ticket.side.value.upper()


def plain(number: Decimal | None) -> str:
    """A number without an exponent; "0" where there is none."""
    return "0" if number is None else f"{number:f}"


def money(amount: Decimal) -> str:
    """An amount with the venue's eight decimals."""
    return f"{amount:.8f}"
