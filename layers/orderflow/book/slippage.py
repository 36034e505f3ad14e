"""What a market order would pay: walking the visible book."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.order_book import BookReading, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFill:
    """A market order filled from the book: base units, mean price, and the last price touched."""

    quantity: float
    average_price: float
    worst_price: float


def walk_book(levels: Sequence[Level], notional: float) -> BookFill | None:
    """Spend `notional` of quote currency on the levels, best first.

    None when the visible depth does not suffice. Raises `ValueError` unless `notional` is positive.
    """
    if not notional > 0.0:
        raise ValueError(f"notional is {notional}; an order to be filled needs a positive one")
    left, quantity = notional, 0.0
    for price, size in levels:
        if left <= price * size:
            quantity += left / price
            return BookFill(quantity=quantity, average_price=notional / quantity, worst_price=price)
        left -= price * size
        quantity += size
    return None


def slippage_percent(book: BookReading, notional: float, *, is_buy: bool) -> float | None:
    """What a market order of a quote amount loses against the mid price, in percent of it.

    0 or more, half the spread included; None when the visible depth does not suffice. Raises
    `ValueError` unless `notional` is positive.
    """
    fill = walk_book(book.asks if is_buy else book.bids, notional)
    if fill is None:
        return None
    return abs(fill.average_price - book.mid) / book.mid * 100.0
