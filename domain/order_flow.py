"""Everything the order-flow layer may look at: book, tape and derivatives of one pair."""

from dataclasses import dataclass

from domain.derivatives import DerivativesReading
from domain.order_book import BookReading
from domain.tape import TapeReading


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFlow:
    """Readings as of one instant, from nothing later than it.

    `book` is None while the book is crossed, stale or incomplete, `book_problem` then says why;
    `tape` and `derivatives` are None when nothing is known.
    """

    book: BookReading | None = None
    book_problem: str = ""
    tape: TapeReading | None = None
    derivatives: DerivativesReading | None = None

    @property
    def newest_ms(self) -> int:
        """Exchange time of the newest reading, 0 without any."""
        return max(
            0 if self.book is None else self.book.exchange_ms,
            0 if self.tape is None else self.tape.at_ms,
            0 if self.derivatives is None else self.derivatives.at_ms,
        )
