"""The stop: first of all, as large as what is open, where the position says, new before old."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.orders import Order, OrderKind, OrderRole, OrderState
from domain.positions import CloseReason, PositionState
from engine.execution.books.accounting import NOTHING, filled_of
from engine.execution.books.draft import Draft, Terms
from engine.execution.books.order_marks import was_taken_away
from engine.execution.books.stop_outs import spent_stop, stop_out_reason
from engine.execution.books.wishes import wish_close
from engine.execution.values import NewsKind

_AT_WORK: Final = (PositionState.OPENING, PositionState.OPEN)


def is_protected(draft: Draft) -> bool:
    """Whether stops that are known to rest, ours and others, cover what is open."""
    return _covered(draft) >= draft.open


def give_up_unprotected(draft: Draft) -> Draft:
    """Close at market what has no stop in time, or whose stop was refused."""
    if draft.position.state not in _AT_WORK or draft.open == 0:
        return draft
    text = _why_not_stopped_out(draft) or ("" if is_protected(draft) else _why_unprotected(draft))
    if not text:
        return draft
    books = wish_close(draft.books, CloseReason.UNPROTECTED)
    return replace(draft, books=books).telling(NewsKind.UNPROTECTED, text)


def finish_stop_out(draft: Draft) -> Draft:
    """Close at market what a stop that has fired left open: in a thin book it may expire."""
    if draft.position.state not in _AT_WORK or draft.open == 0:
        return draft
    stop = spent_stop(draft.books)
    if stop is None:
        return draft
    return replace(draft, books=wish_close(draft.books, stop_out_reason(draft.position.plan, stop)))


def protect(draft: Draft) -> Draft:
    """Place the stop that is due, and cancel older ones once it is confirmed to rest."""
    if draft.position.state not in _AT_WORK or draft.open == 0:
        return draft
    stops = draft.live(OrderRole.STOP)
    if any(stop.state in (OrderState.TRIGGERED, OrderState.SENDING) for stop in stops):
        return draft
    fitting = [stop for stop in stops if _fits(draft, stop)]
    if fitting:
        return _drop_others(draft, fitting[-1], stops)
    if _is_left_to_others(draft) or not draft.may_try(OrderRole.STOP):
        return draft
    return _place(draft)


def _why_unprotected(draft: Draft) -> str:
    attempts = draft.attempts(OrderRole.STOP)
    if not attempts:
        return ""
    last, is_flat = attempts[-1], draft.sight.is_held_known and draft.sight.held is None
    if last.state is OrderState.REFUSED and not is_flat:
        return f"the stop was refused: {last.reason}"
    is_late = last.state is OrderState.SENDING and _has_waited(draft, last.created_at)
    return "the stop was not confirmed in time" if is_late else ""


def _why_not_stopped_out(draft: Draft) -> str:
    """A stop that has fired protects for as long as an order at market takes, and no longer."""
    fired = [stop for stop in draft.live(OrderRole.STOP) if stop.state is OrderState.TRIGGERED]
    is_late = any(_has_waited(draft, stop.asked_at or stop.created_at) for stop in fired)
    return "the stop has fired and was not filled in time" if is_late else ""


def _has_waited(draft: Draft, since: datetime) -> bool:
    since = max(since, draft.sight.watching_since or since)
    return draft.now - since >= draft.answer_seconds(draft.parameters.unprotected_seconds)


def _covered(draft: Draft) -> Decimal:
    ours = (
        _left_of(draft, stop)
        for stop in draft.live(OrderRole.STOP)
        if stop.state in (OrderState.RESTING, OrderState.TRIGGERED)
    )
    return sum(ours, NOTHING) + _covered_by_others(draft)


def _covered_by_others(draft: Draft) -> Decimal:
    return sum((stop.quantity for stop in draft.sight.foreign_stops), NOTHING)


def _left_of(draft: Draft, order: Order) -> Decimal:
    return order.request.quantity - filled_of(draft.books, order)


def _fits(draft: Draft, stop: Order) -> bool:
    is_resting = stop.state is OrderState.RESTING
    is_due = stop.request.trigger == draft.position.stop
    return is_resting and is_due and _left_of(draft, stop) == draft.open


def _drop_others(draft: Draft, kept: Order, stops: list[Order]) -> Draft:
    old = [s for s in stops if s is not kept and s.state is OrderState.RESTING]
    for stop in old:
        draft = draft.cancelling(stop, "a newer stop is in its place")
    if any(stop.request.trigger != kept.request.trigger for stop in old):
        draft = draft.telling(NewsKind.STOP_MOVED, price=kept.request.trigger)
    return draft


def _is_left_to_others(draft: Draft) -> bool:
    """Whether the trader took our stop away and has one of his own that covers what is open."""
    attempts = draft.attempts(OrderRole.STOP)
    is_taken = bool(attempts) and was_taken_away(attempts[-1])
    return is_taken and _covered_by_others(draft) >= draft.open


def _place(draft: Draft) -> Draft:
    attempts, stop = draft.attempts(OrderRole.STOP), draft.position.stop
    terms = Terms(role=OrderRole.STOP, kind=OrderKind.STOP, quantity=draft.open, trigger=stop)
    placed = draft.placing(terms)
    if attempts and was_taken_away(attempts[-1]):
        text = "the stop was removed on the exchange; it is put back"
        return placed.telling(NewsKind.CHANGED_BY_HAND, text, price=stop)
    return placed
