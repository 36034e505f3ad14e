"""Closing at market what is to be closed, and ending a position of which nothing is open."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.intents import IntentEvent, IntentState
from domain.orders import OrderKind, OrderRole, OrderState
from domain.positions import CloseReason, PositionBooks, PositionEvent, PositionState
from engine.execution.books.accounting import booked_fills, entered_quantity, ledger_of, owed_orders
from engine.execution.books.draft import Draft, Terms
from engine.execution.books.stop_outs import stop_out_reason
from engine.execution.books.targets import rungs_reached
from engine.execution.values import NewsKind

_AT_WORK: Final = (PositionState.OPEN, PositionState.CLOSING)


def close_out(draft: Draft) -> Draft:
    """Close what is to be closed; of a position that is flat cancel what is left, then end it.

    Nothing is cancelled while an entry may still be filled or fills are owed: what somebody added
    by hand in that moment would stand there bare. Nothing ends while an order's fate is unknown.
    """
    is_entering = bool(draft.live(OrderRole.ENTRY))
    if draft.position.state not in _AT_WORK:
        return draft
    if not _is_flat(draft):
        return _close_at_market(draft)
    is_owed = bool(owed_orders(draft.books))
    if is_entering or (is_owed and not _is_gone(draft)):
        return draft
    for order in draft.books.orders:
        if order.state is OrderState.RESTING:
            draft = draft.cancelling(order, "nothing is open any more")
    is_settled = all(order.is_final for order in draft.books.orders)
    return _end(draft) if is_settled and not is_owed else draft


def _is_flat(draft: Draft) -> bool:
    return draft.open == 0 or _is_gone(draft)


def _is_gone(draft: Draft) -> bool:
    """Whether the venue holds nothing and refuses to reduce it, whatever the fills say."""
    exits = [o for o in draft.books.orders if o.role in (OrderRole.STOP, OrderRole.CLOSE)]
    is_refused = bool(exits) and exits[-1].state is OrderState.REFUSED
    return is_refused and draft.sight.is_held_known and draft.sight.held is None


def _close_at_market(draft: Draft) -> Draft:
    is_closing = draft.position.state is PositionState.CLOSING
    if not is_closing or draft.live(OrderRole.CLOSE):
        return draft
    draft = _clear_the_way(draft)
    if not draft.may_try(OrderRole.CLOSE):
        return draft
    most = draft.position.instrument.maximum_quantity or draft.open
    terms = Terms(role=OrderRole.CLOSE, kind=OrderKind.MARKET, quantity=min(draft.open, most))
    return draft.placing(terms)


def _clear_the_way(draft: Draft) -> Draft:
    """Cancel targets once closing was refused: a venue may count them as reducing it already."""
    attempts = draft.attempts(OrderRole.CLOSE)
    if not attempts or attempts[-1].state is not OrderState.REFUSED:
        return draft
    for target in draft.live(OrderRole.TARGET):
        if target.state is OrderState.RESTING:
            draft = draft.cancelling(target, "the position is being closed")
    return draft


def _end(draft: Draft) -> Draft:
    if entered_quantity(draft.books) == 0:
        return _end_called_off(draft)
    books, numbers = draft.books, ledger_of(draft.books)
    ended = replace(
        draft.position.after(PositionEvent.END),
        close_reason=CloseReason.BY_HAND if draft.open > 0 else _reason(books),
        closed_at=_ended_at(draft),
        adjusted_quantity=numbers.exited - numbers.entered,
    )
    last = len(ended.plan.targets)
    if last in rungs_reached(books):
        price = ended.plan.targets[-1].price
        draft = draft.telling(NewsKind.TARGET_FILLED, rung=last, price=price)
    exit_price = numbers.average_exit
    price_told = None if exit_price is None else ended.instrument.price(exit_price)
    return draft.at(ended).telling(NewsKind.CLOSED, str(ended.close_reason), price=price_told)


def _end_called_off(draft: Draft) -> Draft:
    reason = str(draft.position.close_reason)
    ended = replace(draft.position.after(PositionEvent.END), closed_at=draft.now)
    intent = draft.books.intent
    if intent.state is IntentState.CONFIRMED:
        intent = intent.after(IntentEvent.MISS, reason)
    books = replace(draft.books, intent=intent, position=ended)
    return replace(draft, books=books).telling(NewsKind.MISSED, reason)


def _ended_at(draft: Draft) -> datetime:
    exits = [booked.fill.at for booked in booked_fills(draft.books) if not booked.enters]
    return exits[-1] if exits and draft.open == 0 else draft.now


def _reason(books: PositionBooks) -> CloseReason:
    """The reason it was closed for, or else whose fill was the last."""
    if books.position.close_reason is not None:
        return books.position.close_reason
    booked = [each for each in booked_fills(books) if not each.enters][-1]
    last = booked.order
    if last is None:
        return CloseReason.LIQUIDATED if booked.fill.is_liquidation else CloseReason.BY_HAND
    if last.role is not OrderRole.STOP:
        return CloseReason.TARGETS
    return stop_out_reason(books.position.plan, last)
