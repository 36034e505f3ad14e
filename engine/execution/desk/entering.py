"""Holds back entries that may not go out now, and ends trades whose entry may never go out."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.intents import IntentEvent
from domain.orders import Order, OrderRole, OrderState
from domain.positions import CloseReason, PositionBooks, PositionEvent
from engine.execution.books.accounting import entered_quantity
from engine.execution.books.entries import may_enter_still
from engine.execution.books.order_marks import sent_again
from engine.execution.books.unsettled import is_still_wanted
from engine.execution.desk.looking import unsettled_orders
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import Moves, News, NewsKind, Sight

_URGENT: Final = frozenset({OrderRole.STOP, OrderRole.CLOSE})
_OF_WHAT_WAITS: Final = frozenset({NewsKind.SENT, NewsKind.PROTECTED, NewsKind.TARGETS_SET})


def withhold_entries(was: PositionBooks, moves: Moves, refusal: str | None, at: datetime) -> Moves:
    """The moves without new entries; with a `refusal` a trade that has not begun ends there."""
    held_back = {order.client_id for order in moves.place if order.role is OrderRole.ENTRY}
    if not held_back:
        return moves
    if refusal is not None and not entered_quantity(was) and not unsettled_orders(was):
        return refuse_entry(was, refusal, at)
    kept = tuple(order for order in moves.books.orders if order.client_id not in held_back)
    return replace(
        moves,
        books=replace(moves.books, orders=kept),
        place=tuple(order for order in moves.place if order.client_id not in held_back),
        news=tuple(each for each in moves.news if each.kind is not NewsKind.SENT),
    )


def refuse_entry(books: PositionBooks, reason: str, at: datetime) -> Moves:
    """A trade of which nothing was filled and nothing is under way ends before it began."""
    position = replace(
        books.position.after(PositionEvent.MISS),
        closed_at=at,
        close_reason=CloseReason.NOT_ENTERED,
    )
    intent = books.intent.after(IntentEvent.REFUSE, reason)
    return Moves(
        books=replace(books, intent=intent, position=position),
        news=(News(kind=NewsKind.REFUSED, text=reason),),
    )


def send_unsent(
    moves: Moves,
    unsent: Collection[str],
    sight: Sight,
    parameters: ExecutionParameters,
    *,
    may_enter: bool,
) -> Moves:
    """The moves with orders sent again, not asked about, that have certainly never arrived.

    What reduces only while something is open. An entry only where it may go out, as long as it is
    wanted and the price is near, and only right after it was decided: later it is lost, and a new
    one is decided at the price of then.
    """
    now, soon = sight.now, timedelta(seconds=parameters.late_arrival_seconds)
    is_open = may_enter and may_enter_still(moves.books, sight, parameters)

    def is_wanted(order: Order) -> bool:
        if order.request.reduces:
            return is_still_wanted(moves.books, order)
        return is_open and now - order.created_at < soon

    again = {
        order.client_id: sent_again(order, now)
        for order in moves.ask
        if order.client_id in unsent and order.state is OrderState.SENDING and is_wanted(order)
    }
    orders = tuple(again.get(order.client_id, order) for order in moves.books.orders)
    return replace(
        moves,
        books=replace(moves.books, orders=orders),
        ask=tuple(order for order in moves.ask if order.client_id not in again),
        resend=(*moves.resend, *again.values()),
    )


def urgent_only(was: PositionBooks, moves: Moves) -> Moves:
    """What may be sent although it cannot be written down now: what protects, closes, or cancels.

    Such an order has the same id when it is written down later, so it is found, not doubled. All
    else is decided anew when it can be written down: it must not pile up until then.
    """
    known = {order.client_id for order in was.orders}
    orders = tuple(o for o in moves.books.orders if o.client_id in known or o.role in _URGENT)
    return replace(
        moves,
        books=replace(moves.books, orders=orders),
        place=tuple(order for order in moves.place if order.role in _URGENT),
        resend=tuple(order for order in moves.resend if order.role in _URGENT),
        news=tuple(each for each in moves.news if each.kind not in _OF_WHAT_WAITS),
    )
