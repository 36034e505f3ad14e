"""A wall that is followed from its first sight to its end, and the measure of what is one."""

from dataclasses import dataclass
from typing import NamedTuple, Self

from domain.order_book import BookSide
from layers.orderflow.book.snapshot import Snapshot
from layers.orderflow.book.traded import TradedAt


class LevelScale(NamedTuple):
    """How large the levels of a book are: their sum, their count, and where walls begin."""

    total: float
    levels: int
    wall_from: float

    def ratio(self, quantity: float) -> float:
        """A level's quantity over the mean of the other levels of both sides."""
        return quantity * (self.levels - 1) / (self.total - quantity)


def scale_of(book: Snapshot, wall_ratio: float) -> LevelScale:
    """The scale of a book in which a wall is `wall_ratio` times the mean of the other levels.

    The mean of the others differs from level to level, but `q > r * (total - q) / (n - 1)` is
    `q > r * total / (n - 1 + r)`, one limit for all.
    """
    total = book.bids.total + book.asks.total
    levels = len(book.bids.sizes) + len(book.asks.sizes)
    return LevelScale(total, levels, wall_ratio * total / (levels - 1 + wall_ratio))


@dataclass(slots=True, kw_only=True)
class TrackedWall:
    """What is known of a wall.

    `appeared_ms` is the first sight of it, `greatest_ratio` its greatest quantity over the mean of
    the other levels. Trades at its price are counted in `eaten` up to and with `counted_ms`.
    """

    side: BookSide
    price: float
    appeared_ms: int
    quantity: float
    greatest: float
    greatest_ratio: float
    counted_ms: int
    eaten: float = 0.0
    is_spoof: bool = False

    @classmethod
    def found(
        cls, side: BookSide, price: float, quantity: float, scale: LevelScale, at_ms: int
    ) -> Self:
        """A wall at its first sight."""
        return cls(
            side=side,
            price=price,
            appeared_ms=at_ms,
            quantity=quantity,
            greatest=quantity,
            greatest_ratio=scale.ratio(quantity),
            counted_ms=at_ms,
        )

    def see(self, quantity: float, scale: LevelScale) -> None:
        """Note the quantity in the newest book."""
        self.quantity = quantity
        if quantity > self.greatest:
            self.greatest = quantity
            self.greatest_ratio = max(self.greatest_ratio, scale.ratio(quantity))

    def count_trades(self, traded: TradedAt, until_ms: int) -> None:
        """Add the trades at the price up to an instant."""
        if until_ms > self.counted_ms:
            self.eaten += traded(self.side, self.price, self.counted_ms, until_ms)
            self.counted_ms = until_ms

    def absorbed_share(self, traded: TradedAt, at_ms: int) -> float:
        """The part of the greatest size that trades have eaten up to an instant, at most 1."""
        later = (
            traded(self.side, self.price, self.counted_ms, at_ms)
            if at_ms > self.counted_ms
            else 0.0
        )
        return min((self.eaten + later) / self.greatest, 1.0)
