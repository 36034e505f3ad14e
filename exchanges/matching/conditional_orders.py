"""Conditional orders: a second list with its own numbers, fired by the mark or the last price."""

from dataclasses import replace
from decimal import Decimal

from domain.orders import OrderKind, Side
from exchanges.matching import filters
from exchanges.matching.market_view import MarketView
from exchanges.matching.order_entry import Approved, OrderEntry
from exchanges.matching.records import ConditionalOrder, ConditionalState
from exchanges.matching.reducing import only_reduces, reducible, slot_of
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.register import Register
from exchanges.matching.tickets import ConditionalKind, ConditionalTicket, Ticket, WorkingPrice


class ConditionalOrders:
    """Keeps and fires the conditional orders of one account."""

    def __init__(self, register: Register, market: MarketView, entry: OrderEntry) -> None:
        self._register = register
        self._market = market
        self._entry = entry

    def place(self, ticket: ConditionalTicket, at_ms: int) -> ConditionalOrder:
        """Check and keep a ticket. Raises `RuleBrokenError`."""
        self._check_form(ticket)
        self._check_room(ticket)
        price = self._market.working_price(ticket.symbol, ticket.working)
        if price is not None and is_reached(ticket, price):
            detail = f"{ticket.symbol} {ticket.side} {ticket.kind} {ticket.trigger}, now {price}"
            raise RuleBrokenError(Cause.WOULD_TRIGGER, detail)
        return self._register.record_conditional(
            ConditionalOrder(
                number=self._register.next_conditional_number(),
                ticket=ticket,
                created_ms=at_ms,
                updated_ms=at_ms,
            ),
            at_ms,
        )

    def cancel(self, conditional: ConditionalOrder, at_ms: int) -> ConditionalOrder:
        """Cancel a waiting order."""
        cancelled = replace(conditional, state=ConditionalState.CANCELLED)
        return self._register.record_conditional(cancelled, at_ms)

    def fire(self, symbol: str, working: WorkingPrice, price: Decimal, at_ms: int) -> None:
        """Fire every order that a new price has reached, oldest first."""
        for number in [each.number for each in self._register.conditionals(symbol)]:
            waiting = self._register.state.open_conditionals.get(number)
            if waiting is None or waiting.ticket.working is not working:
                continue
            if waiting.created_ms <= at_ms and is_reached(waiting.ticket, price):
                self._trigger(waiting, at_ms)

    def _check_form(self, ticket: ConditionalTicket) -> None:
        terms = self._register.terms_of(ticket.symbol)
        filters.check_form(ticket, terms, self._register.state.mode)
        filters.check_on_tick(ticket.trigger, terms.instrument)
        if ticket.quantity is not None:
            filters.check_largest(ticket.quantity, OrderKind.MARKET, terms)
            if not only_reduces(ticket):
                filters.check_notional(ticket.trigger, ticket.quantity, terms.instrument)

    def _check_room(self, ticket: ConditionalTicket) -> None:
        waiting = self._register.conditionals()
        most = self._register.terms.maximum_conditionals
        if any(each.ticket.client_id == ticket.client_id for each in waiting):
            raise RuleBrokenError(Cause.DUPLICATE_ID, ticket.client_id)
        if len(waiting) >= most:
            raise RuleBrokenError(Cause.TOO_MANY_CONDITIONALS, str(most))
        if ticket.closes_position and any(
            _is_same_closing(each.ticket, ticket) for each in waiting
        ):
            detail = f"{ticket.symbol} {ticket.side} {ticket.kind}"
            raise RuleBrokenError(Cause.SECOND_CLOSE_POSITION, detail)

    def _trigger(self, waiting: ConditionalOrder, at_ms: int) -> None:
        triggering = replace(waiting, state=ConditionalState.TRIGGERING, triggered_ms=at_ms)
        self._register.record_conditional(triggering, at_ms)
        try:
            approved = self._approve(waiting.ticket)
        except RuleBrokenError as refused:
            rejected = replace(triggering, state=ConditionalState.REJECTED, reason=str(refused))
            self._register.record_conditional(rejected, at_ms)
        else:
            self._carry_out(triggering, approved, at_ms)

    def _approve(self, ticket: ConditionalTicket) -> Approved:
        """The market order it becomes; the venue checks margin and position only now."""
        quantity = ticket.quantity
        if quantity is None:
            quantity = reducible(self._register, ticket)
        if not quantity:
            raise RuleBrokenError(Cause.REDUCE_ONLY, f"{ticket.symbol} {ticket.side}")
        return self._entry.approve(
            Ticket(
                client_id=ticket.client_id,
                symbol=ticket.symbol,
                side=ticket.side,
                kind=OrderKind.MARKET,
                quantity=quantity,
                reduce_only=ticket.reduce_only or ticket.closes_position,
                position_side=ticket.position_side,
            )
        )

    def _carry_out(self, triggering: ConditionalOrder, approved: Approved, at_ms: int) -> None:
        number = self._register.next_order_number()
        triggered = replace(triggering, state=ConditionalState.TRIGGERED, engine_number=number)
        self._register.record_conditional(triggered, at_ms)
        self._entry.enter(approved, number, at_ms, triggered.number)
        finished = replace(triggered, state=ConditionalState.FINISHED)
        self._register.record_conditional(finished, at_ms)


def is_reached(ticket: ConditionalTicket, price: Decimal) -> bool:
    """Whether a price fires it: stops sell low and buy high, take-profits the other way round."""
    falls = (ticket.kind is ConditionalKind.STOP) is (ticket.side is Side.SELL)
    return price <= ticket.trigger if falls else price >= ticket.trigger


def _is_same_closing(one: ConditionalTicket, other: ConditionalTicket) -> bool:
    return (
        one.closes_position
        and slot_of(one) == slot_of(other)
        and one.side is other.side
        and one.kind is other.kind
    )
