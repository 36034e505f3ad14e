"""What the book asks of the tape."""

from typing import Protocol

from domain.order_book import BookSide


class TradedAt(Protocol):
    """How much takers traded against a side at exactly a price; asks are eaten by taker buys."""

    def __call__(self, side: BookSide, price: float, from_ms: int, to_ms: int, /) -> float:
        """Base units traded in (from_ms, to_ms]; it is asked about seconds just past."""
