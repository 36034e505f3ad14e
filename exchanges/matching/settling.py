"""What the venue does to positions by itself: funding and liquidation."""

from dataclasses import replace
from decimal import Decimal

from domain.directions import Direction
from domain.orders import OrderKind, exit_side
from exchanges.matching.events import BalanceReason, OrderChange, PositionLiquidated
from exchanges.matching.filling import Deal, Filling
from exchanges.matching.margins import is_liquidated
from exchanges.matching.money import round_money
from exchanges.matching.positions import HeldPosition
from exchanges.matching.records import EndReason, VenueOrder
from exchanges.matching.reducing import slot_of
from exchanges.matching.register import Register, Slot
from exchanges.matching.terms import SymbolTerms
from exchanges.matching.tickets import Ticket


class Settling:
    """Settles the positions of one account."""

    def __init__(self, register: Register, filling: Filling) -> None:
        self._register = register
        self._filling = filling

    def pay_funding(self, symbol: str, rate: Decimal, mark: Decimal, at_ms: int) -> None:
        """Longs pay `rate` of their notional, shorts get it; from and to the isolated margin."""
        for slot, held in self._register.positions(symbol):
            amount = -held.direction.sign * round_money(held.notional(mark) * rate)
            self._register.hold(slot, replace(held, margin=held.margin + amount))
            self._register.record_balance(BalanceReason.FUNDING, amount, at_ms, slot)

    def liquidate(self, symbol: str, mark: Decimal, at_ms: int) -> None:
        """Take every position that has no more than its maintenance margin at a mark price."""
        terms = self._register.terms_of(symbol)
        for slot, held in self._register.positions(symbol):
            if is_liquidated(held, terms, mark):
                self._expire_orders(slot, at_ms)
                self._take_over(slot, held, terms, mark, at_ms)

    def _expire_orders(self, slot: Slot, at_ms: int) -> None:
        for order in self._register.orders(slot[0]):
            if slot_of(order.ticket) == slot:
                self._filling.expire(order, EndReason.LIQUIDATED, at_ms)

    def _take_over(
        self, slot: Slot, held: HeldPosition, terms: SymbolTerms, mark: Decimal, at_ms: int
    ) -> None:
        deal = _deal(held, terms, mark, at_ms)
        order = VenueOrder(
            number=self._register.next_order_number(),
            ticket=_ticket(slot, held, at_ms),
            quantity=held.quantity,
            created_ms=at_ms,
            updated_ms=at_ms,
            is_liquidation=True,
        )
        self._register.record_order(order, OrderChange.NEW, at_ms)
        self._filling.book(order, deal)
        self._register.events.append(
            PositionLiquidated(
                number=self._register.next_event_number(),
                at_ms=at_ms,
                position=held,
                mark=mark,
                price=deal.price,
                fee=deal.fee,
            )
        )


def _ticket(slot: Slot, held: HeldPosition, at_ms: int) -> Ticket:
    return Ticket(
        client_id=f"autoclose-{at_ms}",
        symbol=held.symbol,
        side=exit_side(held.direction),
        kind=OrderKind.MARKET,
        quantity=held.quantity,
        position_side=slot[1],
    )


def _deal(held: HeldPosition, terms: SymbolTerms, mark: Decimal, at_ms: int) -> Deal:
    """At the mark price, but never worse than where the margin is gone; the fee from what is left.

    So a liquidation costs at most the isolated margin; what is worse than that is the venue's.
    """
    price, worst = _exit_price(held, terms, mark), _bankruptcy_price(held, terms)
    price = max(price, worst) if held.direction is Direction.LONG else min(price, worst)
    left = max(Decimal(0), held.margin + held.unrealised(price))
    fee = round_money(held.notional(price) * terms.liquidation_fee)
    return Deal(
        price=price, quantity=held.quantity, fee=min(fee, left), is_maker=False, at_ms=at_ms
    )


def _exit_price(held: HeldPosition, terms: SymbolTerms, mark: Decimal) -> Decimal:
    if held.direction is Direction.LONG:
        return terms.instrument.price_below(mark)
    return terms.instrument.price_above(mark)


def _bankruptcy_price(held: HeldPosition, terms: SymbolTerms) -> Decimal:
    """The price on the grid, on the better side, at which the loss is the whole margin."""
    price = (held.cost - held.direction.sign * held.margin) / held.quantity
    if held.direction is Direction.LONG:
        return max(terms.instrument.price_above(price), terms.instrument.tick)
    return terms.instrument.price_below(price)
