"""What fills make of a position: how much is open, what was earned, and whose fill was whose.

What is open, and all money, comes from every fill of the position by its side, whoever sent the
order: a close by hand ends a trade as well as ours does. A fill that no order of ours claims is the
trader's own, and counts only while something is open; what is taken by hand beyond that belongs to
another position of his.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from domain.orders import Fill, Order, OrderKind, OrderRole, OrderState, entry_side
from domain.positions import PositionBooks
from engine.execution.values import Ledgered

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A fill that counts for a position, and the order of ours that it belongs to, if any.

    `enters` says that it made the position larger; `quantity` is the part of it that counts.
    """

    fill: Fill
    order: Order | None
    enters: bool
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """`held` is what is still open, `held_cost` what was paid for it."""

    entered: Decimal = NOTHING
    entry_cost: Decimal = NOTHING
    held: Decimal = NOTHING
    held_cost: Decimal = NOTHING
    exited: Decimal = NOTHING
    proceeds: Decimal = NOTHING
    realised: Decimal = NOTHING

    def taking(self, booked: Booked, sign: int) -> "_Tally":
        quantity, money = booked.quantity, booked.quantity * booked.fill.price
        if booked.enters:
            return replace(
                self,
                entered=self.entered + quantity,
                entry_cost=self.entry_cost + money,
                held=self.held + quantity,
                held_cost=self.held_cost + money,
            )
        basis = self.held_cost / self.held * quantity if self.held else money
        return replace(
            self,
            held=self.held - quantity,
            held_cost=self.held_cost - basis,
            exited=self.exited + quantity,
            proceeds=self.proceeds + money,
            realised=self.realised + (money - basis) * sign,
        )


def ledger_of(books: PositionBooks) -> Ledgered:
    """A position in numbers, from its fills and nothing else.

    `entered` and `exited` are what our orders filled; prices and money are of every fill that
    counts. What is left of a position costs, per unit, what the units open at that time cost on
    average. `net_r` is per `stop_distance` times what was entered.
    """
    plan, booked = books.position.plan, booked_fills(books)
    tally = _Tally()
    for each in booked:
        tally = tally.taking(each, plan.direction.sign)
    fees = _sum(
        each.fill.fee * each.quantity / each.fill.quantity
        for each in booked
        if each.fill.fee_currency == books.position.instrument.quote
    )
    ours = [each for each in booked if each.order is not None]
    entered = _sum(each.quantity for each in ours if each.enters)
    risk = entered * plan.stop_distance
    return Ledgered(
        entered=entered,
        exited=_sum(each.quantity for each in ours if not each.enters),
        average_entry=tally.entry_cost / tally.entered if tally.entered else None,
        average_exit=tally.proceeds / tally.exited if tally.exited else None,
        realised=tally.realised,
        fees=fees,
        net_r=(tally.realised - fees) / risk if risk else NOTHING,
    )


def open_quantity(books: PositionBooks) -> Decimal:
    """What is open now, in base units, never below 0: from fills, ours and those by hand.

    What an order reports as filled counts before its fills are booked, so that protection need
    not wait for them.
    """
    booked = booked_fills(books)
    entered = _with_owed(books, booked, enters=True)
    return max(NOTHING, entered - _with_owed(books, booked, enters=False))


def entered_quantity(books: PositionBooks) -> Decimal:
    """What entries filled, booked or only reported, in base units."""
    return _sum(filled_of(books, order) for order in books.orders if order.role is OrderRole.ENTRY)


def own_average_entry(books: PositionBooks) -> Decimal | None:
    """What our entries paid per unit; None before that is known of all that they filled."""
    if any(order.role is OrderRole.ENTRY for order in owed_orders(books)):
        return None
    ours = [each for each in booked_fills(books) if each.enters and each.order is not None]
    quantity = _sum(each.quantity for each in ours)
    cost = _sum(each.quantity * each.fill.price for each in ours)
    return cost / quantity if quantity else None


def by_hand_quantity(books: PositionBooks) -> Decimal:
    """What fills of nobody's order added (above 0) or took (below 0), in base units."""
    return _sum(
        each.quantity if each.enters else -each.quantity
        for each in booked_fills(books)
        if each.order is None
    )


def booked_fills(books: PositionBooks) -> tuple[Booked, ...]:
    """The fills that count for a position, oldest first, each with its order."""
    owners = {key: order for order in books.orders if (key := _booking_id(order)) is not None}
    enters = entry_side(books.position.direction)
    is_open, counted = NOTHING, []
    for fill in books.fills:
        order, larger = owners.get(fill.venue_id), fill.side is enters
        if order is None and is_open <= 0:
            continue
        is_taken_by_hand = order is None and not larger
        quantity = min(fill.quantity, is_open) if is_taken_by_hand else fill.quantity
        counted.append(Booked(fill=fill, order=order, enters=larger, quantity=quantity))
        is_open += quantity if larger else -quantity
    return tuple(counted)


def filled_of(books: PositionBooks, order: Order) -> Decimal:
    """What was filled of an order, booked or only reported, in base units."""
    return max(order.filled_quantity, _booked_of(books, order))


def is_fruitless(books: PositionBooks, order: Order) -> bool:
    """Whether the venue would not have an order, or ended it, and nothing of it was filled.

    One at market does not rest, so nobody can have taken it away: whatever the venue calls it.
    """
    was_ended = order.state in (OrderState.REFUSED, OrderState.EXPIRED) or (
        order.state is OrderState.CANCELLED and order.request.kind is OrderKind.MARKET
    )
    return was_ended and filled_of(books, order) == 0


def owed_orders(books: PositionBooks) -> tuple[Order, ...]:
    """Orders that report more filled than is booked: their fills are still to come."""
    return tuple(
        order for order in books.orders if order.filled_quantity > _booked_of(books, order)
    )


def _with_owed(books: PositionBooks, booked: tuple[Booked, ...], *, enters: bool) -> Decimal:
    own = _sum(each.quantity for each in booked if each.enters is enters and each.order is not None)
    foreign = _sum(each.quantity for each in booked if each.enters is enters and each.order is None)
    owed = _sum(
        order.filled_quantity - _booked_of(books, order)
        for order in owed_orders(books)
        if (order.role is OrderRole.ENTRY) is enters
    )
    # A fill that nobody claims yet may be the very one that an order still owes.
    return own + max(foreign, owed)


def _booked_of(books: PositionBooks, order: Order) -> Decimal:
    key = _booking_id(order)
    return _sum(fill.quantity for fill in books.fills if fill.venue_id == key)


def _booking_id(order: Order) -> str | None:
    is_conditional = order.request.kind is OrderKind.STOP
    return order.engine_id if is_conditional else order.venue_id


def _sum(quantities: Iterable[Decimal]) -> Decimal:
    return sum(quantities, NOTHING)
