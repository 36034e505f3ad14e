"""What is known of an order beyond its state, while the venue's word on it is awaited.

Of a SENDING order `asked_at` is when it was sent again, `reason` what the venue said of it. Of one
that is CANCELLING `asked_at` is None once the venue said that it still rests, `reason` why we want
it gone: a CANCELLED order without a reason was taken away by somebody else.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.orders import Order, OrderEvent, OrderState

_UNKNOWN_TO_VENUE: Final = "the venue does not know it"
_UNSURE: Final = "what became of it is not known"


def sent_at(order: Order) -> datetime:
    """When the newest request to place it can have left."""
    if order.state is OrderState.SENDING and order.asked_at is not None:
        return order.asked_at
    return order.created_at


def was_sent_again(order: Order) -> bool:
    """Whether more than one request to place it may have left."""
    return order.state is OrderState.SENDING and order.asked_at is not None


def mark_absent(order: Order) -> Order:
    """A SENDING order that the venue does not know: it may be sent again."""
    return order if order.reason == _UNSURE else replace(order, reason=_UNKNOWN_TO_VENUE)


def mark_unsure(order: Order, at: datetime) -> Order:
    """An order of which only the venue can tell what became of it: it is asked, not sent again."""
    if order.state is OrderState.SENDING:
        return replace(order, reason=_UNSURE)
    return replace(order, asked_at=at)


def mark_resting_still(order: Order, at: datetime) -> Order:
    """A CANCELLING order that the venue still has in its book: it is to be cancelled again.

    A word from before the request says nothing about what came of it.
    """
    is_later = order.asked_at is None or at > order.asked_at
    return replace(order, asked_at=None) if is_later else order


def may_be_sent_again(order: Order) -> bool:
    """Whether the venue does not know it, and sending it again under its id is harmless."""
    return order.state is OrderState.SENDING and order.reason == _UNKNOWN_TO_VENUE


def is_to_be_cancelled_again(order: Order) -> bool:
    """Whether it was to be cancelled, and the venue said that it still rests."""
    return order.state is OrderState.CANCELLING and order.asked_at is None


def sent_again(order: Order, now: datetime) -> Order:
    """The order as it is written down before it is sent once more."""
    return replace(order, asked_at=now, reason="")


def cancelling(order: Order, now: datetime, why: str) -> Order:
    """The order as it is written down before its cancelling is asked for."""
    if order.state is OrderState.CANCELLING:
        return replace(order, asked_at=now)
    return replace(order.after(OrderEvent.ASK_CANCEL), asked_at=now, reason=why)


def was_taken_away(order: Order) -> bool:
    """Whether somebody else cancelled it."""
    return order.state is OrderState.CANCELLED and not order.reason
