"""Orders of which only the venue knows what became of them: asked about, never guessed."""

from dataclasses import replace

from domain.orders import Order, OrderRole, OrderState
from domain.positions import PositionBooks, PositionState
from engine.execution.books.accounting import open_quantity, owed_orders
from engine.execution.books.by_hand import is_doubtful
from engine.execution.books.draft import Draft
from engine.execution.books.order_marks import is_to_be_cancelled_again, may_be_sent_again


def settle(draft: Draft) -> Draft:
    """Send again what the venue does not know, cancel again what still rests, ask about the rest.

    What is sent or cancelled in this very draft answers for itself.
    """
    busy = {order.client_id for order in (*draft.place, *draft.cancel)}
    for order in draft.books.orders:
        if order.client_id in busy:
            continue
        if may_be_sent_again(order) and is_still_wanted(draft.books, order):
            draft = draft.resending(order)
        elif is_to_be_cancelled_again(order):
            draft = draft.cancelling(order, order.reason)
    busy |= {order.client_id for order in (*draft.resend, *draft.cancel)}
    asked = (
        o for o in draft.books.orders if o.client_id not in busy and _is_open_question(draft, o)
    )
    return replace(draft, ask=tuple(asked))


def is_still_wanted(books: PositionBooks, order: Order) -> bool:
    """Whether an order that reduces still has something to protect, to close or to reach."""
    if open_quantity(books) == 0:
        return False
    is_closing = books.position.state is PositionState.CLOSING
    return (order.role is OrderRole.CLOSE) is is_closing


def _is_open_question(draft: Draft, order: Order) -> bool:
    if order in owed_orders(draft.books):
        return True
    if order.state is OrderState.RESTING:
        return is_doubtful(draft)
    return not order.is_final
