"""Reads orders out of requests, with the venue's complaints about what does not fit together."""

import re
from decimal import Decimal
from typing import Final

from domain.directions import Direction
from domain.orders import OrderKind, Side
from exchanges.matching.tickets import ConditionalTicket, Ticket
from exchanges.simulator.market.contracts import Contract
from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.trading.rest.words import CONDITIONAL_TYPES, POSITION_SIDES, WORKING_TYPES

ALGO_ONLY: Final = {
    "STOP",
    "STOP_MARKET",
    "TAKE_PROFIT",
    "TAKE_PROFIT_MARKET",
    "TRAILING_STOP_MARKET",
}
_CONDITIONAL_KINDS: Final = {word: kind for kind, word in CONDITIONAL_TYPES.items()}
_WORKING: Final = {word: kind for kind, word in WORKING_TYPES.items()}
_SIDES: Final = {word: direction for direction, word in POSITION_SIDES.items()}
_CLIENT_ID: Final = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")


def plain_ticket(query: Query, contract: Contract, fallback_id: str) -> Ticket:
    """A plain order. Raises `VenueError`, -4120 for types that belong to the algo service."""
    kind = _kind(query)
    quantity, price = query.decimal("quantity"), query.decimal("price")
    if quantity is None:
        query.required("quantity")
    if kind is OrderKind.MARKET:
        price = None
    elif price is None:
        query.required("price")
    _check_reduce_only(query)
    return Ticket(
        client_id=client_id(query, "newClientOrderId", fallback_id),
        symbol=contract.symbol,
        side=_side(query),
        kind=kind,
        quantity=_fitting(quantity or Decimal(0), contract.quantities.decimals),
        price=None if price is None else _fitting(price, contract.prices.decimals),
        reduce_only=query.flag("reduceOnly"),
        position_side=_position_side(query),
    )


def conditional_ticket(query: Query, contract: Contract, fallback_id: str) -> ConditionalTicket:
    """A conditional market order. Raises `VenueError`."""
    query.choice("algoType", {"CONDITIONAL"})
    kind = _CONDITIONAL_KINDS.get(query.required("type"))
    if kind is None:
        raise VenueError(-1116, "Invalid orderType: the simulated venue has market stops alone.")
    closes, quantity = query.flag("closePosition"), query.decimal("quantity")
    if closes and (quantity is not None or query.flag("reduceOnly")):
        raise VenueError(-4136, "Target strategy invalid for orderType with closePosition true.")
    if not closes and quantity is None:
        query.required("quantity")
    _check_reduce_only(query)
    return ConditionalTicket(
        client_id=client_id(query, "clientAlgoId", fallback_id),
        symbol=contract.symbol,
        side=_side(query),
        kind=kind,
        trigger=_trigger(query, contract),
        quantity=None if quantity is None else _fitting(quantity, contract.quantities.decimals),
        working=_WORKING[query.choice("workingType", _WORKING, "CONTRACT_PRICE")],
        reduce_only=query.flag("reduceOnly"),
        position_side=_position_side(query),
    )


def client_id(query: Query, name: str, fallback: str) -> str:
    """The order's name given by the client, or the venue's own."""
    given = query.text(name) or fallback
    if not _CLIENT_ID.fullmatch(given):
        raise VenueError(-4015, "Client order id is not valid.")
    return given


def _kind(query: Query) -> OrderKind:
    word = query.required("type")
    if word in ALGO_ONLY:
        raise VenueError(
            -4120,
            "Order type not supported for this endpoint. Please use the Algo Order API endpoints "
            "instead.",
        )
    if word == "MARKET":
        return OrderKind.MARKET
    if word != "LIMIT":
        raise VenueError(-1116, "Invalid orderType.")
    kinds = {"GTC": OrderKind.LIMIT, "GTX": OrderKind.POST_ONLY}
    kind = kinds.get(query.required("timeInForce"))
    if kind is None:
        raise VenueError(-1115, "Invalid timeInForce: the simulated venue has GTC and GTX.")
    return kind


def _side(query: Query) -> Side:
    words = {"BUY": Side.BUY, "SELL": Side.SELL}
    side = words.get(query.required("side"))
    if side is None:
        raise VenueError(-1117, "Invalid side.")
    return side


def _position_side(query: Query) -> Direction | None:
    return _SIDES[query.choice("positionSide", set(POSITION_SIDES.values()), "BOTH")]


def _check_reduce_only(query: Query) -> None:
    """Hedge mode says by the position side whether an order reduces."""
    if query.text("reduceOnly") is not None and _position_side(query) is not None:
        raise VenueError(-1106, "Parameter 'reduceonly' sent when not required.")


def _trigger(query: Query, contract: Contract) -> Decimal:
    query.required("triggerPrice")
    return _fitting(query.decimal("triggerPrice") or Decimal(0), contract.prices.decimals)


def _fitting(number: Decimal, decimals: int) -> Decimal:
    """The number, unless it has more decimals than the venue keeps."""
    if number != round(number, decimals):
        raise VenueError(-1111, "Precision is over the maximum defined for this asset.")
    return number
