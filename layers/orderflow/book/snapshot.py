"""One snapshot of the book, checked to be whole."""

import math
from collections.abc import Sequence
from operator import gt, lt, mul
from typing import NamedTuple

from domain.errors import InvalidDataError
from domain.order_book import BookSide, Level


class SideLevels(NamedTuple):
    """A side's levels, best first, also as columns, and the sum of its quantities.

    A named tuple, as twenty are made a second for each pair: a frozen dataclass costs twice that.
    """

    levels: tuple[Level, ...]
    prices: tuple[float, ...]
    sizes: tuple[float, ...]
    total: float

    @property
    def value(self) -> float:
        """Price times quantity of all levels, in quote currency."""
        value: float = sum(map(mul, self.prices, self.sizes))
        return value


class Snapshot(NamedTuple):
    """A whole book: both sides sorted, positive, finite and not crossed."""

    exchange_ms: int
    bids: SideLevels
    asks: SideLevels

    @property
    def mid(self) -> float:
        """Half way between the best prices."""
        return (self.bids.prices[0] + self.asks.prices[0]) / 2.0

    @property
    def spread(self) -> float:
        """Distance between the best prices."""
        return self.asks.prices[0] - self.bids.prices[0]


def whole_snapshot(
    exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level], minimum_levels: int
) -> Snapshot:
    """Check a book; raises `InvalidDataError` that says why it can't be used."""
    buyers = _side(BookSide.BID, bids, minimum_levels)
    sellers = _side(BookSide.ASK, asks, minimum_levels)
    if buyers.prices[0] >= sellers.prices[0]:
        raise InvalidDataError(
            f"book is crossed: best bid {buyers.prices[0]}, best ask {sellers.prices[0]}"
        )
    return Snapshot(exchange_ms, buyers, sellers)


def _side(side: BookSide, levels: Sequence[Level], minimum_levels: int) -> SideLevels:
    if len(levels) < minimum_levels:
        raise InvalidDataError(
            f"book is incomplete: {len(levels)} {side} levels, {minimum_levels} are needed"
        )
    prices, sizes = zip(*levels, strict=True)
    first, last = prices[0], prices[-1]
    if not all(map(gt if side is BookSide.BID else lt, prices, prices[1:])):
        raise InvalidDataError(f"book is unsorted: {side} prices {first} to {last}")
    total = sum(sizes)
    # What is not a number may hide from min() and max(); it does not from the sum.
    is_finite = last < math.inf and first < math.inf and total < math.inf
    if not (is_finite and min(first, last, *sizes) > 0.0):
        raise InvalidDataError(f"book has {side} levels that are not positive, finite numbers")
    if max(sizes) == total:
        raise InvalidDataError(
            f"book has {side} levels of which one, {total:g}, swallows all others"
        )
    return SideLevels(tuple(levels), prices, sizes, total)
