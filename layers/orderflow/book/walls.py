"""Walls of both sides, from their appearance to their break or their being pulled."""

from typing import Final

from domain.order_book import BookSide, BrokenWall, Wall
from layers.orderflow.book.fallen import FallenWalls
from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book.snapshot import Snapshot
from layers.orderflow.book.spoofing import BigOrders
from layers.orderflow.book.standing import StandingWalls
from layers.orderflow.book.tracked_wall import scale_of
from layers.orderflow.book.traded import TradedAt

_COUNT_EVERY_MS: Final = 10_000
"""How often trades at standing walls are added up, so that the tape is never asked far back."""


class BookWalls:
    """Big orders of a book over time."""

    def __init__(self, parameters: BookParameters, traded: TradedAt) -> None:
        self._wall_ratio = parameters.wall_ratio
        self._late_ms = round(parameters.late_trades_seconds * 1000.0)
        self._traded = traded
        self._counted_ms = 0
        self._orders = BigOrders(parameters)
        self._bids = StandingWalls(BookSide.BID, parameters, self._orders)
        self._asks = StandingWalls(BookSide.ASK, parameters, self._orders)
        self._fallen_bids = FallenWalls(BookSide.BID, parameters, traded)
        self._fallen_asks = FallenWalls(BookSide.ASK, parameters, traded)

    def clear(self) -> None:
        """Forget all."""
        for part in (self._bids, self._asks, self._fallen_bids, self._fallen_asks, self._orders):
            part.clear()

    def follow(self, book: Snapshot) -> None:
        """Take in the newest book."""
        at_ms, mid = book.exchange_ms, book.mid
        scale = scale_of(book, self._wall_ratio)
        self._fallen_bids.add(self._bids.follow(book.bids, scale, at_ms), at_ms)
        self._fallen_asks.add(self._asks.follow(book.asks, scale, at_ms), at_ms)
        self._fallen_bids.follow(mid, at_ms)
        self._fallen_asks.follow(mid, at_ms)
        self._orders.forget(at_ms)
        if at_ms - self._counted_ms >= _COUNT_EVERY_MS:
            self._count_trades(at_ms)

    def walls(self, book: Snapshot, at_ms: int) -> tuple[Wall, ...]:
        """Standing walls of the newest book, bids before asks, the nearest first."""
        scale = scale_of(book, self._wall_ratio)
        bids = self._bids.told(scale, book.mid, self._traded, at_ms)
        return (*bids, *self._asks.told(scale, book.mid, self._traded, at_ms))

    def broken(self, book: Snapshot, at_ms: int) -> tuple[BrokenWall, ...]:
        """Walls that broke a short time ago, bids before asks."""
        mid = book.mid
        return (*self._fallen_bids.told(mid, at_ms), *self._fallen_asks.told(mid, at_ms))

    def spoofing(self, at_ms: int) -> float:
        """Share of the big orders of the last minute that vanished young and untouched."""
        return self._orders.spoofing(at_ms)

    def _count_trades(self, at_ms: int) -> None:
        """Count up to an instant whose trades must be known; the rest is asked for when needed."""
        self._counted_ms = at_ms
        self._bids.count_trades(self._traded, at_ms - self._late_ms)
        self._asks.count_trades(self._traded, at_ms - self._late_ms)
