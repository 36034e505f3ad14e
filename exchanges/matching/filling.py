"""Carries out a fill: position, fee, wallet, order, and the orders that depend on the position."""

from dataclasses import dataclass, replace
from decimal import Decimal

from domain.directions import Direction
from domain.orders import OrderState, Side, exit_side
from exchanges.matching.events import BalanceReason, OrderChange
from exchanges.matching.margins import initial_margin
from exchanges.matching.money import round_money
from exchanges.matching.positions import HeldPosition, reduce_position
from exchanges.matching.records import ConditionalState, EndReason, Execution, VenueOrder
from exchanges.matching.reducing import only_reduces, reducible, slot_of
from exchanges.matching.register import Register, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A price and a quantity that two agreed on; `fee` in quote currency."""

    price: Decimal
    quantity: Decimal
    fee: Decimal
    is_maker: bool
    at_ms: int


class Filling:
    """Books fills of one account."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def fill(
        self, order: VenueOrder, price: Decimal, quantity: Decimal, at_ms: int, *, is_maker: bool
    ) -> VenueOrder:
        """Fill a part of an open order at the venue's fees; gives the order after it."""
        terms = self._register.terms_of(order.ticket.symbol)
        rate = terms.maker_fee if is_maker else terms.taker_fee
        fee = round_money(price * quantity * rate)
        deal = Deal(price=price, quantity=quantity, fee=fee, is_maker=is_maker, at_ms=at_ms)
        return self.book(order, deal)

    def book(self, order: VenueOrder, deal: Deal) -> VenueOrder:
        """Book a deal of an order, whatever its fee; gives the order after it."""
        slot = slot_of(order.ticket)
        before = self._register.state.positions.get(slot)
        realised = self._move_position(slot, order.ticket.side, deal)
        change, reason = OrderChange.TRADE, BalanceReason.ORDER
        if order.is_liquidation:
            change, reason = OrderChange.LIQUIDATED, BalanceReason.LIQUIDATION
        order = self._register.record_order(
            _after(order, deal), change, deal.at_ms, self._execution(order, deal, realised)
        )
        self._register.record_balance(reason, realised - deal.fee, deal.at_ms, slot)
        self._follow(slot, before, deal.at_ms)
        return order

    def expire(self, order: VenueOrder, reason: EndReason, at_ms: int) -> VenueOrder:
        """End an order, or what is left of it, on the venue's own account."""
        ended = replace(order, state=OrderState.EXPIRED, end_reason=reason)
        return self._register.record_order(ended, OrderChange.EXPIRED, at_ms)

    def _move_position(self, slot: Slot, side: Side, deal: Deal) -> Decimal:
        """Close first, open with the rest; gives the realised profit."""
        realised, left = Decimal(0), deal.quantity
        held = self._register.state.positions.get(slot)
        if held is not None and side is exit_side(held.direction):
            closing = min(left, held.quantity)
            reduction = reduce_position(held, deal.price, closing, deal.at_ms)
            realised, left, held = reduction.realised, left - closing, reduction.left
        if left > 0:
            held = self._enlarged(held, slot[0], side, replace(deal, quantity=left))
        self._register.hold(slot, held)
        return realised

    def _enlarged(
        self, held: HeldPosition | None, symbol: str, side: Side, deal: Deal
    ) -> HeldPosition:
        leverage = self._register.leverage(symbol)
        before = held or HeldPosition(
            symbol=symbol,
            direction=Direction.LONG if side is Side.BUY else Direction.SHORT,
            quantity=Decimal(0),
            cost=Decimal(0),
            margin=Decimal(0),
            leverage=leverage,
            since_ms=deal.at_ms,
            updated_ms=deal.at_ms,
        )
        return replace(
            before,
            quantity=before.quantity + deal.quantity,
            cost=before.cost + deal.price * deal.quantity,
            margin=before.margin + initial_margin(deal.price, deal.quantity, leverage),
            updated_ms=deal.at_ms,
        )

    def _execution(self, order: VenueOrder, deal: Deal, realised: Decimal) -> Execution:
        return Execution(
            number=self._register.next_execution_number(),
            order_number=order.number,
            ticket=order.ticket,
            price=deal.price,
            quantity=deal.quantity,
            fee=deal.fee,
            currency=self._register.terms.currency,
            realised=realised,
            is_maker=deal.is_maker,
            at_ms=deal.at_ms,
        )

    def _follow(self, slot: Slot, before: HeldPosition | None, at_ms: int) -> None:
        """Let the orders that reduce a position follow its new size."""
        for order in self._register.orders(slot[0]):
            if slot_of(order.ticket) == slot and only_reduces(order.ticket):
                self._shrink(order, at_ms)
        now = self._register.state.positions.get(slot)
        if before is not None and (now is None or now.direction is not before.direction):
            self._end_conditionals(slot, exit_side(before.direction), at_ms)

    def _shrink(self, order: VenueOrder, at_ms: int) -> None:
        most = reducible(self._register, order.ticket)
        if not most:
            self.expire(order, EndReason.REDUCE_ONLY, at_ms)
        elif order.remaining > most:
            smaller = replace(order, quantity=order.filled_quantity + most)
            self._register.record_order(smaller, OrderChange.SHRUNK, at_ms)

    def _end_conditionals(self, slot: Slot, side: Side, at_ms: int) -> None:
        """Expire those that were to close the whole position; others wait on, as at the venue."""
        for waiting in self._register.conditionals(slot[0]):
            ticket = waiting.ticket
            if ticket.closes_position and slot_of(ticket) == slot and ticket.side is side:
                ended = replace(
                    waiting, state=ConditionalState.EXPIRED, reason=str(EndReason.POSITION_CLOSED)
                )
                self._register.record_conditional(ended, at_ms)


def _after(order: VenueOrder, deal: Deal) -> VenueOrder:
    filled = order.filled_quantity + deal.quantity
    return replace(
        order,
        filled_quantity=filled,
        filled_notional=order.filled_notional + deal.price * deal.quantity,
        state=OrderState.FILLED if filled == order.quantity else OrderState.RESTING,
    )
