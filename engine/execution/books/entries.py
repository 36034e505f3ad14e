"""The entry: one live order at a time, while its window is open, and what came of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from domain.directions import Direction
from domain.instruments import to_decimal
from domain.intents import EntryStyle, IntentEvent, IntentState
from domain.orders import Order, OrderKind, OrderRole, OrderState
from domain.positions import CloseReason, PositionBooks, PositionEvent, PositionState
from engine.execution.books.accounting import booked_fills, entered_quantity
from engine.execution.books.draft import Draft, Terms
from engine.execution.books.order_marks import was_taken_away
from engine.execution.books.quantities import is_too_small
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import NewsKind, Sight
from risk.rounding import rounded_against

_KINDS: Final = {
    EntryStyle.MARKET: OrderKind.MARKET,
    EntryStyle.LIMIT: OrderKind.LIMIT,
    EntryStyle.POST_ONLY: OrderKind.POST_ONLY,
}


def note_entry(draft: Draft) -> Draft:
    """The first fill makes an intent ENTERED."""
    if draft.books.intent.state is not IntentState.CONFIRMED or not entered_quantity(draft.books):
        return draft
    at = next((booked.fill.at for booked in booked_fills(draft.books)), draft.now)
    books = replace(draft.books, intent=draft.books.intent.after(IntentEvent.ENTER))
    return replace(draft, books=books).at(replace(draft.position, entered_at=at))


def advance_entry(draft: Draft) -> Draft:
    """Place, follow, or end the entry of a position that is opening; call off that of one closing.

    Nothing is concluded while the fate of an entry is unknown.
    """
    live = draft.live(OrderRole.ENTRY)
    if live:
        why = _why_cancel(draft, live[-1])
        return draft.cancelling(live[-1], why) if why else draft
    if draft.position.state is not PositionState.OPENING:
        return draft
    if _is_wanted(draft):
        return _try(draft)
    return _conclude(draft)


def may_enter_still(books: PositionBooks, sight: Sight, parameters: ExecutionParameters) -> bool:
    """Whether an entry that was decided, and has certainly not arrived, may go out after all."""
    draft = Draft(books=books, sight=sight, tag="", parameters=parameters)
    is_opening = draft.position.state is PositionState.OPENING
    return is_opening and draft.now < _deadline(draft) and not _is_left(draft) and _is_near(draft)


def _why_cancel(draft: Draft, order: Order) -> str:
    if order.state is not OrderState.RESTING:
        return ""
    if draft.position.state is not PositionState.OPENING or _is_left(draft):
        return "the position is being closed"
    if draft.now >= _deadline(draft):
        return "the time for the entry is over"
    return "it follows the market" if _is_behind(draft, order) else ""


def _is_behind(draft: Draft, order: Order) -> bool:
    if order.request.kind is not OrderKind.POST_ONLY:
        return False
    rested = draft.now - order.created_at
    if rested < timedelta(seconds=draft.parameters.requote_seconds):
        return False
    return _touch(draft) not in (None, order.request.price)


def _is_left(draft: Draft) -> bool:
    """Whether something was entered, and something of it has been left again."""
    entered = entered_quantity(draft.books)
    return entered > 0 and draft.open < entered


def _deadline(draft: Draft) -> datetime:
    window_end, attempts = draft.books.intent.expires_at, draft.attempts(OrderRole.ENTRY)
    if draft.books.intent.style is EntryStyle.MARKET or not attempts:
        return window_end
    allowed = timedelta(seconds=draft.parameters.entry_seconds)
    return min(window_end, attempts[0].created_at + allowed)


def _is_wanted(draft: Draft) -> bool:
    """Whether another attempt at the entry is wanted, now or a little later."""
    if draft.now >= _deadline(draft) or _is_left(draft):
        return False
    attempts = draft.attempts(OrderRole.ENTRY)
    return not attempts or _has_more_to_come(draft, attempts[-1])


def _has_more_to_come(draft: Draft, last: Order) -> bool:
    if entered_quantity(draft.books) == 0 and last.state is OrderState.LOST:
        return True
    if draft.books.intent.style is not EntryStyle.POST_ONLY or was_taken_away(last):
        return False
    is_unfilled = last.state in (OrderState.CANCELLED, OrderState.EXPIRED, OrderState.LOST)
    left, price = _left_to_enter(draft), last.request.price or draft.position.plan.entry
    return is_unfilled and not is_too_small(draft.position.instrument, left, price)


def _left_to_enter(draft: Draft) -> Decimal:
    return draft.books.intent.quantity - entered_quantity(draft.books)


def _try(draft: Draft) -> Draft:
    style = draft.books.intent.style
    if not draft.may_try(OrderRole.ENTRY) or not _is_near(draft):
        return draft
    price = None
    if style is not EntryStyle.MARKET:
        price = draft.position.plan.entry if style is EntryStyle.LIMIT else _touch(draft)
    if style is EntryStyle.POST_ONLY and price is None:
        return draft
    terms = Terms(
        role=OrderRole.ENTRY, kind=_KINDS[style], quantity=_left_to_enter(draft), price=price
    )
    is_first = not draft.attempts(OrderRole.ENTRY)
    placed = draft.placing(terms)
    return placed.telling(NewsKind.SENT, price=price) if is_first else placed


def _is_near(draft: Draft) -> bool:
    """Whether the price is known, and as near to the entry as a press needs it.

    A limit waits for it anyhow.
    """
    quote, plan = draft.sight.quote, draft.position.plan
    if draft.books.intent.style is EntryStyle.LIMIT:
        return True
    if quote is None or quote.age_seconds > draft.parameters.data_loss_seconds:
        return False
    price = quote.ask if plan.direction is Direction.LONG else quote.bid
    drift = to_decimal(draft.parameters.maximum_drift_r) * plan.stop_distance
    return abs(price - plan.entry) <= drift


def _touch(draft: Draft) -> Decimal | None:
    quote, position = draft.sight.quote, draft.position
    if quote is None:
        return None
    touch = quote.bid if position.direction is Direction.LONG else quote.ask
    return rounded_against(position.instrument, position.direction, touch)


def _conclude(draft: Draft) -> Draft:
    if entered_quantity(draft.books) > 0:
        opened = draft.at(draft.position.after(PositionEvent.ENTER))
        return opened.telling(NewsKind.FILLED)
    attempts = draft.attempts(OrderRole.ENTRY)
    is_refused = bool(attempts) and attempts[-1].state is OrderState.REFUSED
    reason = attempts[-1].reason if is_refused else ""
    return _end_unentered(draft, is_refused=is_refused, reason=reason)


def _end_unentered(draft: Draft, *, is_refused: bool, reason: str) -> Draft:
    event = IntentEvent.REFUSE if is_refused else IntentEvent.MISS
    reason = reason or ("the venue refused it" if is_refused else "it was not filled in time")
    missed = replace(
        draft.position.after(PositionEvent.MISS),
        close_reason=CloseReason.NOT_ENTERED,
        closed_at=draft.now,
    )
    books = replace(draft.books, intent=draft.books.intent.after(event, reason), position=missed)
    kind = NewsKind.REFUSED if is_refused else NewsKind.MISSED
    return replace(draft, books=books).telling(kind, reason)
