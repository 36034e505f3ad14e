"""The book as it was last shown, less what this account has taken from it since.

Levels are made exact only when somebody looks that far: most books are replaced before that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.instruments import Instrument, to_decimal
from domain.order_book import BookSide
from domain.orders import Side

Shown = Sequence[tuple[Decimal | float, Decimal | float]]
"""Levels of one side, best first: price in quote currency, quantity in base units."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is shown, or can be taken, at a price."""

    price: Decimal
    quantity: Decimal


class ShownSide:
    """One side of a book."""

    def __init__(self, levels: Shown, side: BookSide, instrument: Instrument) -> None:
        self._raw = levels
        self._side = side
        self._sign = 1 if side is BookSide.ASK else -1
        self._instrument = instrument
        self._half_tick = float(instrument.tick) / 2
        self._exact: list[Offer] = []
        self._taken: dict[Decimal, Decimal] = {}

    def _levels(self) -> Iterator[Offer]:
        """Levels best first, each made exact when it is reached for the first time."""
        for place, (price, quantity) in enumerate(self._raw):
            if place == len(self._exact):
                exact = self._instrument.quantity(to_decimal(quantity))
                self._exact.append(Offer(self._instrument.price(price), exact))
            yield self._exact[place]

    def offers(self, limit: Decimal | None = None) -> Iterator[Offer]:
        """What is left to take, best first, no worse than a limit price."""
        for level in self._levels():
            if limit is not None and self._is_behind(level.price, limit):
                return
            left = level.quantity - self._taken.get(level.price, Decimal(0))
            if left > 0:
                yield Offer(level.price, left)

    def take(self, price: Decimal, quantity: Decimal) -> None:
        """Take from a level, until the next book is shown."""
        self._taken[price] = self._taken.get(price, Decimal(0)) + quantity

    def quantity_at(self, price: Decimal) -> Decimal | None:
        """What waits at a price: 0 between levels, None where the shown book does not reach."""
        # Looked up in floats to half a tick: exact levels would cost ten times as much, and this is
        # asked for every resting order at every book.
        wanted, half = float(price), self._half_tick
        if not self._raw or self._sign * (float(self._raw[-1][0]) - wanted) < -half:
            return None
        for shown, quantity in self._raw:
            behind = self._sign * (float(shown) - wanted)
            if behind > half:
                return Decimal(0)
            if behind >= -half:
                return self._instrument.quantity(to_decimal(quantity))
        return Decimal(0)

    def _is_behind(self, price: Decimal, other: Decimal) -> bool:
        return price > other if self._side is BookSide.ASK else price < other


class ShownBook:
    """Both sides of a symbol's book."""

    def __init__(self, bids: Shown, asks: Shown, instrument: Instrument) -> None:
        self.bids = ShownSide(bids, BookSide.BID, instrument)
        self.asks = ShownSide(asks, BookSide.ASK, instrument)

    def facing(self, side: Side) -> ShownSide:
        """The side that an order takes from."""
        return self.asks if side is Side.BUY else self.bids

    def own(self, side: Side) -> ShownSide:
        """The side that an order waits on."""
        return self.bids if side is Side.BUY else self.asks
