"""What an account sees of the market: the shown books, and the prices that fire and bound orders.

Books are not part of what survives a restart: a market order against an old one would be fiction.
"""

from decimal import Decimal

from domain.orders import Side
from exchanges.matching.register import Register
from exchanges.matching.shown_book import Shown, ShownBook, ShownSide
from exchanges.matching.terms import SymbolTerms
from exchanges.matching.tickets import WorkingPrice


class MarketView:
    """The newest book of each symbol, with mark and last prices from the account's state."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._books: dict[str, ShownBook] = {}

    def show(self, symbol: str, bids: Shown, asks: Shown) -> ShownBook:
        """Replace the book of a symbol."""
        instrument = self._register.terms_of(symbol).instrument
        book = ShownBook(bids, asks, instrument)
        self._books[symbol] = book
        return book

    def facing(self, symbol: str, side: Side) -> ShownSide | None:
        """The side that an order would take from; None before the first book."""
        book = self._books.get(symbol)
        return None if book is None else book.facing(side)

    def own(self, symbol: str, side: Side) -> ShownSide | None:
        """The side that an order would wait on; None before the first book."""
        book = self._books.get(symbol)
        return None if book is None else book.own(side)

    def mark(self, symbol: str) -> Decimal | None:
        """Newest mark price."""
        return self._register.state.marks.get(symbol)

    def working_price(self, symbol: str, working: WorkingPrice) -> Decimal | None:
        """Newest price that fires conditional orders of a kind."""
        state = self._register.state
        return (state.marks if working is WorkingPrice.MARK else state.lasts).get(symbol)

    def market_bound(self, terms: SymbolTerms, side: Side) -> Decimal | None:
        """The worst price a market order may take; None while there is no mark price."""
        mark = self.mark(terms.symbol)
        if mark is None:
            return None
        return mark * (terms.highest_share if side is Side.BUY else terms.lowest_share)
