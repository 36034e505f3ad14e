"""How resting orders come to be filled: by books that cross them and by trades that reach them.

Queue model: an order stands behind what was shown at its price when it arrived. Takers who trade
at that price use up what is ahead first; a book that shows less there proves the queue shorter.
Cancellations are taken to come from behind until the shown quantity is smaller than the queue. A
trade beyond the price fills the order whole: whoever traded there had to pass it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.orders import Side
from exchanges.matching.filling import Filling
from exchanges.matching.records import VenueOrder
from exchanges.matching.register import Register
from exchanges.matching.shown_book import ShownBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A trade that the market has seen."""

    price: Decimal
    quantity: Decimal
    is_buy: bool
    at_ms: int


class RestingOrders:
    """Matches the resting orders of one account against what the market does."""

    def __init__(self, register: Register, filling: Filling) -> None:
        self._register = register
        self._filling = filling

    def meet_book(self, symbol: str, book: ShownBook, at_ms: int) -> None:
        """Fill what a new book crosses, and shorten the queues of the rest."""
        for order in self._waiting(symbol, at_ms):
            left = self._cross(order, book, at_ms)
            if left.is_open:
                self._shorten(left, book)

    def meet_trade(self, symbol: str, trade: Print) -> None:
        """Fill what a trade passed, and what it reached at its own price."""
        used = Decimal(0)
        for order in self._waiting(symbol, trade.at_ms):
            if _is_passed(order, trade):
                self._fill(order, order.remaining, trade.at_ms)
            elif _is_reached(order, trade):
                used += self._reach(order, trade, used)

    def _waiting(self, symbol: str, at_ms: int) -> Iterator[VenueOrder]:
        """Orders in the market's own order of price and time, as they are when it is their turn.

        What happened before an order arrived does not concern it.
        """
        numbers = [each.number for each in sorted(self._register.orders(symbol), key=_priority)]
        for number in numbers:
            order = self._register.state.open_orders.get(number)
            if order is not None and order.created_ms <= at_ms:
                yield order

    def _cross(self, order: VenueOrder, book: ShownBook, at_ms: int) -> VenueOrder:
        facing = book.facing(order.ticket.side)
        for offer in facing.offers(order.ticket.price):
            if not order.is_open:
                break
            quantity = min(order.remaining, offer.quantity)
            facing.take(offer.price, quantity)
            order = self._fill(order, quantity, at_ms)
        return order

    def _shorten(self, order: VenueOrder, book: ShownBook) -> None:
        shown = book.own(order.ticket.side).quantity_at(_price(order))
        if shown is not None and (order.ahead is None or shown < order.ahead):
            self._register.keep_order(replace(order, ahead=shown))

    def _reach(self, order: VenueOrder, trade: Print, used: Decimal) -> Decimal:
        """Let a trade at an order's price eat its queue, then the order; gives what it filled.

        `used` is what earlier orders of this account took of the same trade.
        """
        if order.ahead is None:
            return Decimal(0)
        behind = max(Decimal(0), trade.quantity - order.ahead - used)
        order = replace(order, ahead=max(Decimal(0), order.ahead - trade.quantity))
        self._register.keep_order(order)
        quantity = min(order.remaining, behind)
        if quantity > 0:
            self._fill(order, quantity, trade.at_ms)
        return quantity

    def _fill(self, order: VenueOrder, quantity: Decimal, at_ms: int) -> VenueOrder:
        return self._filling.fill(order, _price(order), quantity, at_ms, is_maker=True)


def _price(order: VenueOrder) -> Decimal:
    if order.ticket.price is None:
        raise AssertionError(f"order {order.number} rests without a price")
    return order.ticket.price


def _priority(order: VenueOrder) -> tuple[Decimal, int]:
    sign = -1 if order.ticket.side is Side.BUY else 1
    return sign * _price(order), order.number


def _is_passed(order: VenueOrder, trade: Print) -> bool:
    if order.ticket.side is Side.BUY:
        return trade.price < _price(order)
    return trade.price > _price(order)


def _is_reached(order: VenueOrder, trade: Print) -> bool:
    """A taker of the other side traded at the price where the order waits."""
    return trade.price == _price(order) and trade.is_buy is (order.ticket.side is Side.SELL)
