"""What a trader did to his position on the exchange himself: noticed, told once, and respected.

Stop and targets follow the open quantity, to which fills by hand belong from the start. What takes
a while is to be sure that a fill is nobody's: a stop that fires is filled before its new id is
known.
"""

from dataclasses import replace
from typing import Final

from domain.orders import OrderState
from domain.positions import PositionState
from engine.execution.books.accounting import booked_fills, by_hand_quantity
from engine.execution.books.draft import Draft
from engine.execution.values import NewsKind

_UNSURE: Final = frozenset({OrderState.SENDING, OrderState.CANCELLING, OrderState.TRIGGERED})


def note_by_hand(draft: Draft) -> Draft:
    """Acknowledge what was added or taken by hand, once no order of ours can claim it."""
    position, changed = draft.position, by_hand_quantity(draft.books)
    is_open = position.state is PositionState.OPEN and draft.open > 0
    if not is_open or changed == position.adjusted_quantity or not _is_sure(draft):
        return draft
    difference = changed - position.adjusted_quantity
    draft = draft.at(replace(position, adjusted_quantity=changed))
    verb = "added" if difference > 0 else "taken away"
    text = f"{abs(difference)} {position.instrument.base} {verb} on the exchange"
    return draft.telling(NewsKind.CHANGED_BY_HAND, text)


def is_doubtful(draft: Draft) -> bool:
    """Whether venue and books do not tell the same story, so that every order is to be asked."""
    if by_hand_quantity(draft.books) != draft.position.adjusted_quantity:
        return True
    sight = draft.sight
    held = sight.held.quantity if sight.held is not None else 0
    return sight.is_held_known and sight.is_held_new and held != draft.open


def _is_sure(draft: Draft) -> bool:
    newest = max(
        (booked.fill.at for booked in booked_fills(draft.books) if booked.order is None),
        default=None,
    )
    settling = draft.answer_seconds(draft.parameters.watch_seconds)
    is_old = newest is None or draft.now - newest >= settling
    return is_old and not any(order.state in _UNSURE for order in draft.books.orders)
