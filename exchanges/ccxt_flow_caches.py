"""What ccxt.pro has collected of books, trades and liquidations, read out of its caches.

What a `watch_*` call returns is not enough: a frame that arrives between two calls wakes nobody,
of many pairs only one is returned, and `newUpdates` counts from the last return. The caches behind
those calls hold everything, so they alone are read, and emptied before they overflow.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from typing import Any, Final

from domain.order_book import Level
from domain.tape import Trade
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from engine.ports.order_flow import FlowListener
from exchanges.ccxt_flow_values import levels_of, liquidation_of, trade_of
from exchanges.rejected_rows import RejectedRows

BOOK_LEVELS: Final = 20
_REMEMBERED: Final = 1000

Book = tuple[int | None, list[Level], list[Level]]
"""Exchange time where the venue tells one, bids and asks."""


class FlowCaches:
    """Hands over what came since the last look, and counts it.

    Trades of a pair are numbered here from 1 on, for not every venue's ids are numbers that grow by
    one. A hole in the venue's own numbers is therefore not to be seen; only a cache that may have
    overflowed between two looks is told as a gap. A trade that comes again, as over a socket that
    ccxt opens beside an older one or after a reconnect, is known by the venue's id.
    """

    def __init__(self, client: Any, clock: Clock, rejected: RejectedRows) -> None:
        self._client = client
        self._clock = clock
        self._rejected = rejected
        self._newest_ids: defaultdict[str, int] = defaultdict(int)
        self._known_trades: defaultdict[str, _Recent] = defaultdict(_Recent)
        self._known_liquidations = _Recent()
        self._shown_books: dict[str, Book] = {}
        self.books = 0
        self.trades = 0
        self.liquidations = 0

    def hand_over(self, names: Mapping[str, str], listener: FlowListener) -> None:
        """Tell everything new of the pairs, given as our symbols by ccxt's names.

        What came of other pairs is let go of.
        """
        for name, cache in self._client.trades.items():
            may_have_lost = len(cache) >= (cache.max_size or float("inf"))
            rows = _emptied(cache)
            if name in names:
                if may_have_lost:
                    listener.on_gap({names[name]})
                self._hand_over_trades(name, names[name], rows, listener)
        for row in _emptied(self._client.liquidations):
            if row.get("symbol") in names:
                self._hand_over_liquidation(row, names[row["symbol"]], listener)
        for name in names.keys() & self._client.orderbooks.keys():
            self._hand_over_book(name, names[name], listener)

    def _hand_over_trades(
        self, name: str, symbol: str, rows: list[dict[str, Any]], listener: FlowListener
    ) -> None:
        contract_size, known = self._contract_size(name), self._known_trades[symbol]
        for row in rows:
            number = self._newest_ids[symbol] + 1
            trade = self._rejected.kept("trade", symbol, trade_of, number, row, contract_size)
            if trade is not None and (row.get("id") is None or known.is_new(row["id"])):
                self._hand_over_trade(symbol, trade, listener)

    def _hand_over_trade(self, symbol: str, trade: Trade, listener: FlowListener) -> None:
        self._newest_ids[symbol] = trade.id
        self.trades += 1
        listener.on_trade(
            symbol, trade.id, trade.exchange_ms, trade.price, trade.quantity, trade.is_buy
        )

    def _hand_over_liquidation(
        self, row: dict[str, Any], symbol: str, listener: FlowListener
    ) -> None:
        contract_size = self._contract_size(row["symbol"])
        told = self._rejected.kept("liquidation", symbol, liquidation_of, row, contract_size)
        if told is not None and self._known_liquidations.is_new((symbol, told)):
            self.liquidations += 1
            listener.on_liquidation(symbol, told)

    def _hand_over_book(self, name: str, symbol: str, listener: FlowListener) -> None:
        """Tell a book that has changed; ccxt keeps an old one in place until its resync is done."""
        kept, contract_size = self._client.orderbooks[name], self._contract_size(name)
        book = self._rejected.kept("book", symbol, _copy_of, kept, contract_size)
        if book is None or book == self._shown_books.get(name):
            return
        self._shown_books[name] = book
        at_ms, bids, asks = book
        if bids or asks:  # before its first snapshot a book is empty
            self.books += 1
            at_ms = at_ms or to_ms(self._clock.now())  # not every venue tells a time
            listener.on_book(symbol, at_ms, bids, asks)

    def _contract_size(self, name: str) -> float:
        return float(self._client.markets[name].get("contractSize") or 1.0)


class _Recent:
    """Tells newcomers from the last thousand keys."""

    __slots__ = ("_keys", "_order")

    def __init__(self) -> None:
        self._order: deque[Hashable] = deque(maxlen=_REMEMBERED)
        self._keys: set[Hashable] = set()

    def is_new(self, key: Hashable) -> bool:
        """Whether a key is not among them; from now on it is."""
        if key in self._keys:
            return False
        if len(self._order) == _REMEMBERED:
            self._keys.discard(self._order[0])
        self._order.append(key)
        self._keys.add(key)
        return True


def _emptied(cache: Any) -> list[dict[str, Any]]:
    """The rows of a cache, which has none afterwards; no cache has none."""
    if cache is None:
        return []
    rows = list(cache)
    cache.clear()
    return rows


def _copy_of(book: Any, contract_size: float) -> Book:
    """The best levels as they stand; ccxt goes on changing its own."""
    bids, asks = (levels_of(book[side], BOOK_LEVELS, contract_size) for side in ("bids", "asks"))
    return book["timestamp"], bids, asks
