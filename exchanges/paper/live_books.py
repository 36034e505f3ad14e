"""The newest book of every streamed pair, as a paper account is shown it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.order_book import Level


@dataclass(frozen=True, slots=True)
class LiveBook:
    """The best levels of both sides at an exchange millisecond, best first, both not empty."""

    bids: Sequence[Level]
    asks: Sequence[Level]
    at_ms: int

    @property
    def mid(self) -> float:
        """Half-way between the best prices: the mark price on paper.

        The venue's own mark is not streamed; it differs by a few hundredths of a percent.
        """
        return (self.bids[0][0] + self.asks[0][0]) / 2

    def reaches(self, price: float) -> bool:
        """Whether a price lies within what is shown of the book."""
        return self.bids[-1][0] <= price <= self.asks[-1][0]


class LiveBooks:
    """Takes one assignment per event: there are hundreds of events a second."""

    def __init__(self) -> None:
        self._books: dict[str, LiveBook] = {}

    def take(
        self, symbol: str, at_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> LiveBook | None:
        """Keep a book; one with an empty side, or with sides that overlap, is none."""
        if not bids or not asks or bids[0][0] >= asks[0][0]:
            self._books.pop(symbol, None)
            return None
        book = LiveBook(bids, asks, at_ms)
        self._books[symbol] = book
        return book

    def find(self, symbol: str, *, since_ms: int) -> LiveBook | None:
        """The newest book of a pair, None where there is none since an instant."""
        book = self._books.get(symbol)
        return None if book is None or book.at_ms < since_ms else book

    def forget(self, symbols: Collection[str]) -> None:
        """Events were lost: what is known of these pairs may be wrong."""
        for symbol in symbols:
            self._books.pop(symbol, None)
