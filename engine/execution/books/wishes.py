"""What people, breakers and the venue want of a position, written into its books."""

from dataclasses import replace
from datetime import datetime

from domain.positions import CloseReason, PositionBooks, PositionEvent, PositionState


def wish_close(books: PositionBooks, reason: CloseReason) -> PositionBooks:
    """The books of a position that is to be closed at market; one that is closing stays as it is.

    An entry that is still on its way is called off, and what was filled of it is closed.
    """
    position = books.position
    if position.state in (PositionState.CLOSING, PositionState.CLOSED):
        return books
    closing = replace(position.after(PositionEvent.CLOSE), close_reason=reason)
    return replace(books, position=closing)


def call_off_entry(books: PositionBooks, now: datetime) -> PositionBooks:
    """The books with the entry window ended: what is unfilled is cancelled, the rest stays."""
    if books.intent.expires_at <= now:
        return books
    return replace(books, intent=replace(books.intent, expires_at=now))
