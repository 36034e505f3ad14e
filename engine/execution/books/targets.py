"""The ladder of targets: reduce-only limits that together are as large as what is open."""

from collections.abc import Iterable
from decimal import Decimal

from domain.orders import Order, OrderKind, OrderRole, OrderState
from domain.plans import Target
from domain.positions import PositionBooks, PositionState
from engine.execution.books.accounting import NOTHING, filled_of
from engine.execution.books.draft import Draft, Terms
from engine.execution.books.order_marks import was_taken_away
from engine.execution.books.protection import is_protected
from engine.execution.books.quantities import is_too_small
from engine.execution.values import NewsKind

Ladder = dict[int, Decimal]
"""Quantity in base units by rung."""


def rungs_reached(books: PositionBooks) -> list[int]:
    """Numbers of the targets that were filled in full, rising."""
    return sorted(
        {o.rung for o in books.orders if o.role is OrderRole.TARGET and _is_done(o, books)}
    )


def set_targets(draft: Draft) -> Draft:
    """Place what is missing of the ladder, and take away what does not fit any more.

    Only under a stop that is confirmed. Targets that add up to what is open stay as they are.
    """
    is_at_work = draft.position.state is PositionState.OPEN and draft.open > 0
    live = draft.live(OrderRole.TARGET)
    if not is_at_work or not is_protected(draft):
        return draft
    if any(order.state is not OrderState.RESTING for order in live):
        return draft
    if _sum(_left_of(draft, order) for order in live) == draft.open:
        return draft
    ladder = _ladder_due(draft)
    unfit = [order for order in live if ladder.get(order.rung, NOTHING) != _left_of(draft, order)]
    if unfit:
        return _take_away(draft, unfit)
    return _place_missing(draft, ladder, {order.rung for order in live})


def _take_away(draft: Draft, unfit: list[Order]) -> Draft:
    for order in unfit:
        draft = draft.cancelling(order, "its size does not fit any more")
    return draft


def _place_missing(draft: Draft, ladder: Ladder, placed: set[int]) -> Draft:
    is_first = not any(order.role is OrderRole.TARGET for order in draft.books.orders)
    due = [r for r in ladder if r not in placed and draft.may_try(OrderRole.TARGET, r)]
    for rung in due:
        terms = Terms(
            role=OrderRole.TARGET,
            kind=OrderKind.LIMIT,
            quantity=ladder[rung],
            rung=rung,
            price=_target(draft, rung).price,
        )
        draft = draft.placing(terms)
    if is_first and due:
        protected = draft.telling(NewsKind.PROTECTED, price=draft.position.stop)
        return protected.telling(NewsKind.TARGETS_SET)
    return draft


def _ladder_due(draft: Draft) -> Ladder:
    """What each rung that is still to come has to close, so that together it is what is open."""
    rungs = _rungs_to_come(draft)
    filled = {rung: _filled_at(draft, rung) for rung in rungs}
    base, left, ladder = draft.open + _sum(filled.values()), draft.open, dict[int, Decimal]()
    whole = _sum(_target(draft, rung).fraction for rung in rungs)
    for rung in rungs:
        share = base * _target(draft, rung).fraction / whole
        wanted = draft.position.instrument.quantity(share) - filled[rung]
        ladder[rung] = left if rung == rungs[-1] else min(left, max(NOTHING, wanted))
        left -= ladder[rung]
    return _joined(draft, ladder)


def _joined(draft: Draft, ladder: Ladder) -> Ladder:
    """The ladder with rungs below the venue's minimum joined to the next one.

    The last one, which has none, joins the one before.
    """
    joined: Ladder = {}
    carried = NOTHING
    for rung, quantity in ladder.items():
        carried += quantity
        if not is_too_small(draft.position.instrument, carried, _target(draft, rung).price):
            joined[rung] = carried
            carried = NOTHING
    if joined:
        joined[max(joined)] += carried
    return joined


def _rungs_to_come(draft: Draft) -> list[int]:
    done = rungs_reached(draft.books)
    numbers = range(1, len(draft.position.plan.targets) + 1)
    return [rung for rung in numbers if rung not in done and not _is_given_up(draft, rung)]


def _is_given_up(draft: Draft, rung: int) -> bool:
    """Whether the trader took this target away on the exchange: it is not put back."""
    attempts = draft.attempts(OrderRole.TARGET, rung)
    return bool(attempts) and was_taken_away(attempts[-1])


def _filled_at(draft: Draft, rung: int) -> Decimal:
    attempts = draft.attempts(OrderRole.TARGET, rung)
    return _sum(filled_of(draft.books, order) for order in attempts)


def _target(draft: Draft, rung: int) -> Target:
    return draft.position.plan.targets[rung - 1]


def _left_of(draft: Draft, order: Order) -> Decimal:
    return order.request.quantity - filled_of(draft.books, order)


def _is_done(order: Order, books: PositionBooks) -> bool:
    return order.state is OrderState.FILLED or filled_of(books, order) >= order.request.quantity


def _sum(quantities: Iterable[Decimal]) -> Decimal:
    return sum(quantities, NOTHING)
