"""Stops that have fired: what they left open, and what the position is said to have come to."""

from typing import Final

from domain.orders import Order, OrderRole, OrderState
from domain.plans import TradePlan
from domain.positions import CloseReason, PositionBooks
from engine.execution.books.accounting import filled_of

_ENDED: Final = frozenset({OrderState.FILLED, OrderState.EXPIRED, OrderState.CANCELLED})


def spent_stop(books: PositionBooks) -> Order | None:
    """The newest stop that has fired and come to its end, whatever it closed."""
    stops = (order for order in reversed(books.orders) if order.role is OrderRole.STOP)
    return next((stop for stop in stops if stop.state in _ENDED and _has_fired(books, stop)), None)


def stop_out_reason(plan: TradePlan, stop: Order) -> CloseReason:
    """STOPPED at the first stop, BREAKEVEN when it was moved, TRAILED from the first target on."""
    trigger = plan.stop if stop.request.trigger is None else stop.request.trigger
    gain = (trigger - plan.entry) * plan.direction.sign
    if gain <= (plan.stop - plan.entry) * plan.direction.sign:
        return CloseReason.STOPPED
    if gain < (plan.targets[0].price - plan.entry) * plan.direction.sign:
        return CloseReason.BREAKEVEN
    return CloseReason.TRAILED


def _has_fired(books: PositionBooks, stop: Order) -> bool:
    """Whether it was filled, or has become an order of another id."""
    has_become = stop.engine_id is not None and stop.engine_id != stop.venue_id
    return has_become or filled_of(books, stop) > 0
