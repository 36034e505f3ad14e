"""Plain orders: checked, taken from the book as far as they cross, left to rest or ended."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.orders import OrderKind, OrderState
from exchanges.matching import filters
from exchanges.matching.events import OrderChange
from exchanges.matching.filling import Filling
from exchanges.matching.margin_checks import check_affordable
from exchanges.matching.margins import Claim
from exchanges.matching.market_view import MarketView
from exchanges.matching.records import EndReason, VenueOrder
from exchanges.matching.reducing import only_reduces, reducible, slot_of
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.register import Register
from exchanges.matching.shown_book import Offer
from exchanges.matching.terms import SymbolTerms
from exchanges.matching.tickets import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A ticket that passed every check: how much of it counts, and how far it may take."""

    ticket: Ticket
    quantity: Decimal
    limit: Decimal | None


class OrderEntry:
    """Takes plain orders of one account."""

    def __init__(self, register: Register, market: MarketView, filling: Filling) -> None:
        self._register = register
        self._market = market
        self._filling = filling

    def approve(self, ticket: Ticket) -> Approved:
        """Check a ticket against form, filters, book, position and margin, changing nothing."""
        terms = self._register.terms_of(ticket.symbol)
        filters.check_form(ticket, terms, self._register.state.mode)
        filters.check_price(ticket, terms, self._market.mark(ticket.symbol))
        filters.check_largest(ticket.quantity, ticket.kind, terms)
        self._check_isolated(ticket.symbol)
        approved = Approved(
            ticket=ticket, quantity=self._quantity(ticket), limit=self._limit(ticket, terms)
        )
        self._check_book(approved)
        if not only_reduces(ticket):
            price = ticket.price or self._likely_price(approved)
            filters.check_notional(price, ticket.quantity, terms.instrument)
            check_affordable(self._register, _claim(ticket, price))
        return approved

    def check_room(self, ticket: Ticket) -> None:
        """Client id and number of open orders, which a triggered order is not asked for."""
        open_orders = self._register.orders()
        if any(each.ticket.client_id == ticket.client_id for each in open_orders):
            raise RuleBrokenError(Cause.DUPLICATE_ID, ticket.client_id)
        most = self._register.terms_of(ticket.symbol).maximum_open_orders
        if len(self._register.orders(ticket.symbol)) >= most:
            raise RuleBrokenError(Cause.TOO_MANY_ORDERS, f"{ticket.symbol} {most}")

    def enter(
        self, approved: Approved, number: int, at_ms: int, conditional_number: int | None = None
    ) -> VenueOrder:
        """Carry out an approved ticket under a number."""
        order = self._register.record_order(
            VenueOrder(
                number=number,
                ticket=approved.ticket,
                quantity=approved.quantity,
                created_ms=at_ms,
                updated_ms=at_ms,
                conditional_number=conditional_number,
            ),
            OrderChange.NEW,
            at_ms,
        )
        order = self._take(order, approved.limit, at_ms)
        return self._settle(order, at_ms)

    def cancel(self, order: VenueOrder, at_ms: int) -> VenueOrder:
        """Cancel an open order."""
        cancelled = replace(order, state=OrderState.CANCELLED)
        return self._register.record_order(cancelled, OrderChange.CANCELLED, at_ms)

    def _check_isolated(self, symbol: str) -> None:
        if not self._register.is_isolated(symbol):
            raise RuleBrokenError(Cause.NOT_ISOLATED, f"{symbol}: set it to isolated first")

    def _quantity(self, ticket: Ticket) -> Decimal:
        """What counts of the quantity: a reduce-only order is never above the position."""
        if not only_reduces(ticket):
            return ticket.quantity
        most = reducible(self._register, ticket)
        if not most:
            raise RuleBrokenError(Cause.REDUCE_ONLY, f"{ticket.symbol} {ticket.side}")
        return min(ticket.quantity, most)

    def _limit(self, ticket: Ticket, terms: SymbolTerms) -> Decimal | None:
        if ticket.price is not None:
            return ticket.price
        return self._market.market_bound(terms, ticket.side)

    def _check_book(self, approved: Approved) -> None:
        ticket = approved.ticket
        takes = self._first_offer(approved) is not None
        if ticket.kind is OrderKind.MARKET and not takes:
            detail = f"{ticket.symbol} {ticket.side}, bound {approved.limit}"
            raise RuleBrokenError(Cause.NO_PRICE_NEAR_MARK, detail)
        if ticket.kind is OrderKind.POST_ONLY and takes:
            raise RuleBrokenError(Cause.WOULD_TAKE, f"{ticket.symbol} {ticket.side} {ticket.price}")

    def _offers(self, ticket: Ticket, limit: Decimal | None) -> Iterator[Offer]:
        facing = self._market.facing(ticket.symbol, ticket.side)
        return iter(()) if facing is None else facing.offers(limit)

    def _first_offer(self, approved: Approved) -> Offer | None:
        return next(self._offers(approved.ticket, approved.limit), None)

    def _likely_price(self, approved: Approved) -> Decimal:
        """Mean price of a market order if it were carried out now."""
        left, notional = approved.quantity, Decimal(0)
        for offer in self._offers(approved.ticket, approved.limit):
            taken = min(left, offer.quantity)
            left, notional = left - taken, notional + taken * offer.price
            if not left:
                break
        return notional / (approved.quantity - left)

    def _take(self, order: VenueOrder, limit: Decimal | None, at_ms: int) -> VenueOrder:
        facing = self._market.facing(order.ticket.symbol, order.ticket.side)
        if facing is None:
            return order
        for offer in facing.offers(limit):
            if not order.is_open:
                break
            quantity = min(order.remaining, offer.quantity)
            facing.take(offer.price, quantity)
            order = self._filling.fill(order, offer.price, quantity, at_ms, is_maker=False)
        return order

    def _settle(self, order: VenueOrder, at_ms: int) -> VenueOrder:
        """What becomes of what was not taken at once."""
        ticket = order.ticket
        if not order.is_open:
            return order
        if ticket.price is None:
            return self._filling.expire(order, EndReason.THIN_BOOK, at_ms)
        own = self._market.own(ticket.symbol, ticket.side)
        ahead = None if own is None else own.quantity_at(ticket.price)
        order = replace(order, ahead=ahead)
        self._register.keep_order(order)
        return order


def _claim(ticket: Ticket, price: Decimal) -> Claim:
    return Claim(slot=slot_of(ticket), side=ticket.side, price=price, quantity=ticket.quantity)
