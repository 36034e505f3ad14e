"""What a look at the venue says about a position: whether it is protected, and what is amiss."""

from collections.abc import Collection
from decimal import Decimal
from typing import Final

from domain.orders import (
    ClientId,
    Order,
    OrderKind,
    OrderReport,
    OrderRole,
    OrderState,
    exit_side,
)
from domain.positions import Position, PositionBooks
from engine.execution.books.accounting import open_quantity
from engine.execution.desk.account_venue import Reading

_LISTED: Final = frozenset({OrderState.RESTING, OrderState.CANCELLING})
"""States in which the venue lists an order as open."""


def missing_orders(books: PositionBooks, listed: Collection[str]) -> list[Order]:
    """Orders that should rest but that the venue does not list (any more)."""
    return [o for o in books.orders if o.state in _LISTED and o.client_id not in listed]


def unsettled_orders(books: PositionBooks) -> list[Order]:
    """Orders that something can still happen to."""
    return [order for order in books.orders if not order.is_final]


def is_protected(books: PositionBooks, reading: Reading) -> bool:
    """Whether stops that rest at the venue, ours or others, cover all that is open."""
    open_now = open_quantity(books)
    resting = sum((stop.quantity for stop in stops_of(books.position, reading)), Decimal(0))
    return open_now <= 0 or resting >= open_now


def rests_by_books(books: PositionBooks) -> bool:
    """Whether our own stops cover all that is open, as the venue last answered about them."""
    resting = [
        order.request.quantity
        for order in books.orders
        if order.role is OrderRole.STOP and order.state in _LISTED
    ]
    return sum(resting, Decimal(0)) >= open_quantity(books)


def resting_trigger(books: PositionBooks) -> Decimal | None:
    """Where our newest stop rests; None where none does, as the venue last answered."""
    triggers = [
        order.request.trigger
        for order in books.orders
        if order.role is OrderRole.STOP and order.state in _LISTED
    ]
    return triggers[-1] if triggers else None


def stops_of(position: Position, reading: Reading) -> list[OrderReport]:
    """Stops that rest at the venue and make a position smaller."""
    side = exit_side(position.direction)
    return [
        order
        for order in reading.orders_of(position.symbol)
        if order.kind is OrderKind.STOP
        and order.side is side
        and order.reduces
        and order.direction in (None, position.direction)
    ]


def foreign_stops(position: Position, reading: Reading) -> tuple[OrderReport, ...]:
    """Stops on a position that are not ours: placed by hand."""
    return tuple(stop for stop in stops_of(position, reading) if not is_ours(stop))


def is_ours(order: OrderReport) -> bool:
    """Whether an order was placed by a Quorum, this one or another."""
    return ClientId.parse(order.client_id) is not None
