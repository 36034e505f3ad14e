"""Leaving a position: where its stop is to be after each target, and when its time is over."""

from dataclasses import replace
from decimal import Decimal

from domain.directions import Direction
from domain.instruments import to_decimal
from domain.plans import TradePlan
from domain.positions import CloseReason, Position, PositionState
from engine.execution.books.accounting import own_average_entry
from engine.execution.books.draft import Draft
from engine.execution.books.targets import rungs_reached
from engine.execution.books.wishes import wish_close
from engine.execution.values import NewsKind, Sight
from risk.rounding import rounded_against, rounded_in_favour


def follow_targets(draft: Draft) -> Draft:
    """Tell of targets that were reached, and decide where the stop is to rest from now on.

    After the first target at the account's own break-even, or at the target where that lies beyond
    it; after the second at the first and then trailing by the plan's ATR, in steps; never backwards
    (design 4.5).
    """
    if draft.position.state not in (PositionState.OPEN, PositionState.CLOSING):
        return draft
    reached = rungs_reached(draft.books)
    told, position = _told_rung(draft.position), draft.position
    for rung in (each for each in reached if told < each < len(position.plan.targets)):
        price = position.plan.targets[rung - 1].price
        draft = draft.telling(NewsKind.TARGET_FILLED, rung=rung, price=price)
    return draft.at(_with_stop_due(draft, max(reached, default=0)))


def leave_in_time(draft: Draft) -> Draft:
    """Close at market after the longest hold, and where a tick playbook has lost its data."""
    position = draft.position
    is_held = position.state in (PositionState.OPENING, PositionState.OPEN) and draft.open > 0
    if not is_held or position.entered_at is None:
        return draft
    if draft.now >= position.entered_at + position.exits.maximum_hold:
        return replace(draft, books=wish_close(draft.books, CloseReason.MAX_HOLD))
    if _is_blind(position, draft.sight):
        return replace(draft, books=wish_close(draft.books, CloseReason.DATA_LOSS))
    return draft


def leave_what_is_gone(draft: Draft) -> Draft:
    """Close what the venue has not held for long, though no fill tells why: settled, or worse.

    The venue's refusal to reduce it proves that it is gone; were it not, it would be closed.
    """
    position, sight = draft.position, draft.sight
    is_gone = sight.is_held_known and sight.held is None and draft.open > 0
    is_certain = sight.contradicted_seconds >= draft.parameters.compare_seconds
    if position.state is not PositionState.OPEN or not is_gone or not is_certain:
        return draft
    return replace(draft, books=wish_close(draft.books, CloseReason.BY_HAND))


def _told_rung(position: Position) -> int:
    """The last target whose news was told: each of them moved something in the books."""
    if position.extreme is not None:
        return 2
    return 0 if position.stop == position.plan.stop else 1


def _with_stop_due(draft: Draft, rung: int) -> Position:
    position, plan = draft.position, draft.position.plan
    if rung == 0:
        return position
    stops = [position.stop, plan.stop_after_first_target(_break_even(draft))]
    extreme = position.extreme
    if rung > 1:
        extreme = _extreme(draft)
        trailing = extreme - plan.direction.sign * plan.atr
        rounded = rounded_against(position.instrument, plan.direction, trailing)
        stops += [plan.targets[0].price, rounded]
    return replace(position, stop=_nearest(plan, stops), extreme=extreme)


def _break_even(draft: Draft) -> Decimal:
    """What our own entry paid on average, and the plan's costs of both ways; the plan's while that
    is unknown.

    What was added by hand does not count: it would move the stop whenever somebody adds, up to the
    price. Nor does an entry beyond the first stop: a stop never goes back.
    """
    position, plan = draft.position, draft.position.plan
    average = own_average_entry(draft.books)
    if average is None:
        return plan.break_even
    cost = plan.entry * plan.costs.round_trip
    price = average + plan.direction.sign * cost
    own = rounded_in_favour(position.instrument, plan.direction, price)
    return own if (own - plan.stop) * plan.direction.sign > 0 else plan.break_even


def _extreme(draft: Draft) -> Decimal:
    """The best price since the second target, in steps that are worth a new stop."""
    position, plan, quote = draft.position, draft.position.plan, draft.sight.quote
    extreme = position.extreme or plan.targets[1].price
    if quote is None:
        return extreme
    best = quote.bid if plan.direction is Direction.LONG else quote.ask
    step = to_decimal(draft.parameters.trail_step_atr) * plan.atr
    return best if (best - extreme) * plan.direction.sign >= step else extreme


def _nearest(plan: TradePlan, stops: list[Decimal]) -> Decimal:
    return max(stops, key=lambda stop: stop * plan.direction.sign)


def _is_blind(position: Position, sight: Sight) -> bool:
    allowed = position.exits.data_loss_seconds
    if allowed is None:
        return False
    if sight.data_age_seconds is not None:
        return sight.data_age_seconds > allowed
    since = sight.watching_since or position.entered_at or sight.now
    return (sight.now - since).total_seconds() > allowed
