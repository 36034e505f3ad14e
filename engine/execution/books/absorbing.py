"""Taking in what a venue says of orders and fills. Pure; twice or late changes nothing.

Asking about an order means `find_order`, and `list_fills` where something was filled of it. What
comes back goes into `absorb_report`, or into `absorb_absence` where the venue does not know it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from domain.errors import NotFoundError, Refusal
from domain.orders import Fill, Order, OrderEvent, OrderReport, OrderRole, OrderState
from domain.positions import PositionBooks
from engine.execution.books.accounting import NOTHING, open_quantity
from engine.execution.books.order_marks import (
    mark_absent,
    mark_resting_still,
    mark_unsure,
    sent_at,
    was_sent_again,
)
from engine.execution.books.stop_outs import stop_out_reason
from engine.execution.books.wishes import wish_close
from engine.execution.parameters import ExecutionParameters

_EVENTS: Final = {
    OrderState.RESTING: OrderEvent.REST,
    OrderState.TRIGGERED: OrderEvent.TRIGGER,
    OrderState.FILLED: OrderEvent.FILL,
    OrderState.CANCELLED: OrderEvent.CANCEL,
    OrderState.EXPIRED: OrderEvent.EXPIRE,
    OrderState.REFUSED: OrderEvent.REFUSE,
}
_ENDED: Final = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.EXPIRED})
_CAME_BEFORE: Final = {
    OrderState.RESTING: _ENDED | {OrderState.TRIGGERED},
    OrderState.TRIGGERED: _ENDED,
    OrderState.CANCELLED: frozenset({OrderState.EXPIRED}),
    OrderState.EXPIRED: frozenset({OrderState.CANCELLED}),
}
"""What a venue says, and the states in the books that it cannot change: they came later, or, of
cancelled and expired, are two words for the same end."""


def absorb_report(
    books: PositionBooks, client_id: str, report: OrderReport, at: datetime
) -> PositionBooks:
    """The books after the venue told at `at` how an order stands.

    What is provably older than the books moves no state back. Raises `IllegalTransitionError` for
    what cannot be, `NotFoundError` for an order that is not in these books.
    """
    order = _order_of(books, client_id)
    was = order.state
    order = _advanced(order, report.state)
    if was is OrderState.CANCELLING and report.state is OrderState.RESTING:
        order = mark_resting_still(order, at)
    order = _dated(order, was, at)
    order = replace(
        order,
        venue_id=report.venue_id or order.venue_id,
        engine_id=report.engine_id or order.engine_id,
        filled_quantity=max(order.filled_quantity, report.filled_quantity),
        average_price=report.average_price or order.average_price,
    )
    return _with_order(books, order)


def absorb_refusal(
    books: PositionBooks, client_id: str, refusal: Refusal, text: str, at: datetime
) -> PositionBooks:
    """The books after the venue refused at `at` to take an order, or to cancel it.

    A duplicate id, or a refusal of what was sent before, proves nothing: such an order is asked
    about. A stop that would trigger at once has done so: the position is closed at market. Raises
    `NotFoundError` for an order that is not in these books.
    """
    order = _order_of(books, client_id)
    if order.state is OrderState.CANCELLING:
        return _with_order(books, mark_unsure(order, at))
    if order.state is not OrderState.SENDING:
        return books
    books = _with_order(books, _refused(order, refusal, text, at))
    if refusal is Refusal.WOULD_TRIGGER and order.role is OrderRole.STOP:
        return wish_close(books, stop_out_reason(books.position.plan, order))
    return books


def absorb_absence(
    books: PositionBooks,
    client_id: str,
    at: datetime,
    parameters: ExecutionParameters,
    *,
    sent_by: datetime | None = None,
    held: Decimal | None = NOTHING,
) -> PositionBooks:
    """The books after the venue said at `at` that it does not know an order.

    One that was sent is LOST once it cannot arrive any more; until then, if it only reduces, it may
    be sent again under its id. `sent_by` is when the newest request for it had left at the latest
    (None: as soon as it was written down). One that rested is gone, unless it is so new that the
    venue may not find it yet. Raises `NotFoundError` for an order that is not in these books.

    That the venue does not find an entry proves nothing by itself: another would double it.
    `held` is what the venue holds by a look from when the order could not arrive any more, and
    after fills were read (None: nobody has looked). While that or a fill hints at it, it is asked
    about on and on.
    """
    order, late = _order_of(books, client_id), timedelta(seconds=parameters.late_arrival_seconds)
    if order.role is OrderRole.ENTRY and _may_be_filled(books, order, held):
        return books
    written_at = sent_at(order)
    if order.state is OrderState.SENDING:
        if at - max(written_at, sent_by or written_at) >= late:
            order = order.after(OrderEvent.LOSE)
        elif order.request.reduces:
            order = mark_absent(order)
    elif order.state is OrderState.CANCELLING or (
        order.state is OrderState.RESTING and at - written_at >= late
    ):
        order = order.after(OrderEvent.CANCEL)
    return _with_order(books, order)


def absorb_fills(books: PositionBooks, fills: Sequence[Fill]) -> PositionBooks:
    """The books with fills of the pair and direction that were not in them; others are left out.

    What an order of ours filled is ours whatever direction is told: in one-way mode an entry that
    meets an opposite position closes that one.
    """
    position, known = books.position, {fill.trade_id for fill in books.fills}
    owned = _own_ids(books)
    new = {
        fill.trade_id: fill
        for fill in fills
        if fill.trade_id not in known
        and fill.symbol == position.symbol
        and (fill.direction in (None, position.direction) or fill.venue_id in owned)
        and fill.at >= position.watched_from
    }
    if not new:
        return books
    return replace(books, fills=tuple(sorted((*books.fills, *new.values()), key=_age)))


def _advanced(order: Order, told: OrderState) -> Order:
    is_older = order.state in _CAME_BEFORE.get(told, frozenset())
    if order.state is told or is_older:
        return order
    event = _EVENTS[told]
    has_rested = order.state not in (OrderState.SENDING, OrderState.LOST)
    if event is OrderEvent.REFUSE and has_rested:
        event = OrderEvent.EXPIRE
    advanced = order.after(event)
    was_sending = order.state is OrderState.SENDING
    return replace(advanced, reason="", asked_at=None) if was_sending else advanced


def _may_be_filled(books: PositionBooks, entry: Order, held: Decimal | None) -> bool:
    if held is None or held > open_quantity(books):
        return True
    owned = _own_ids(books)
    return any(
        fill.venue_id not in owned
        and fill.side is entry.request.side
        and fill.at >= entry.created_at
        for fill in books.fills
    )


def _own_ids(books: PositionBooks) -> set[str | None]:
    """What the venue calls our orders."""
    return {each for order in books.orders for each in (order.venue_id, order.engine_id)}


def _dated(order: Order, was: OrderState, at: datetime) -> Order:
    """The order with when it was first known to have fired, until it is known what came of it."""
    if order.state is was or OrderState.TRIGGERED not in (order.state, was):
        return order
    return replace(order, asked_at=at if order.state is OrderState.TRIGGERED else None)


def _refused(order: Order, refusal: Refusal, text: str, at: datetime) -> Order:
    if refusal is Refusal.DUPLICATE_ID or was_sent_again(order):
        return mark_unsure(order, at)
    # A post-only order that would take is no refusal of the trade: it is quoted anew.
    event = OrderEvent.EXPIRE if refusal is Refusal.WOULD_TAKE else OrderEvent.REFUSE
    return replace(order.after(event), reason=text or str(refusal))


def _age(fill: Fill) -> tuple[datetime, int, str]:
    return (fill.at, len(fill.trade_id), fill.trade_id)


def _order_of(books: PositionBooks, client_id: str) -> Order:
    for order in books.orders:
        if order.client_id == client_id:
            return order
    raise NotFoundError(f"position {books.position.id} has no order {client_id}")


def _with_order(books: PositionBooks, order: Order) -> PositionBooks:
    orders = tuple(order if each.client_id == order.client_id else each for each in books.orders)
    return books if orders == books.orders else replace(books, orders=orders)
