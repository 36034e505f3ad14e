"""From frames of books, trades and liquidations to calls of a listener, without a queue for trades.

When the process lags, what is waiting in a socket is read in one go. Of the books in such a burst
only the newest of each pair is still worth anything, so books are put by until the burst has been
read, and those that a newer one overtakes are dropped and counted. Trades add up and are never
dropped: each is handed over as it is read.
"""

import asyncio
from collections.abc import Collection

from engine.ports.order_flow import FlowListener
from exchanges.binance.flow_messages import (
    BookEvent,
    LiquidationEvent,
    TradeEvent,
    decode_book,
    decode_trade_or_liquidation,
    liquidation_of,
)
from exchanges.binance.messages import USDM
from exchanges.binance.routes import book_stream, trade_stream
from exchanges.binance.stream_set import Stream


class FlowFrames:
    """Reads frames of the wanted pairs; those of others and of the other market are passed over.

    Counts what it has read. Nothing may be read before `listener` is set.
    """

    def __init__(self) -> None:
        self.listener: FlowListener | None = None
        self.book_streams: dict[str, Stream] = {}
        self.trade_streams: dict[str, Stream] = {}
        self._waiting: dict[str, BookEvent] = {}
        self.books = 0
        self.trades = 0
        self.liquidations = 0
        self.dropped_books = 0

    def set_symbols(self, symbols: Collection[str], now: float) -> None:
        """Make these the wanted pairs; `now` is the monotonic wall second.

        A pair may go without a trade for long, but its book is told again and again.
        """
        books, trades = self.book_streams, self.trade_streams
        self.book_streams = {
            symbol: books.get(symbol) or Stream(book_stream(symbol), symbol, now)
            for symbol in symbols
        }
        self.trade_streams = {
            symbol: trades.get(symbol) or Stream(trade_stream(symbol), symbol, now)
            for symbol in symbols
        }

    def on_book_frame(self, frame: bytes, received: float) -> None:
        """Put by a book until the loop comes round; raises `msgspec.DecodeError` for no book."""
        book = decode_book(frame)
        stream = self.book_streams.get(book.symbol)
        if stream is None or book.market != USDM:
            return
        stream.last_frame_at = received
        self.books += 1
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.hand_over_books)
        self._put_by(book)

    def on_trade_frame(self, frame: bytes, received: float) -> None:
        """Hand over a trade or a liquidation; raises `msgspec.DecodeError` for neither."""
        event = decode_trade_or_liquidation(frame)
        if event.market != USDM or self.listener is None:
            return
        if type(event) is TradeEvent:
            self._on_trade(event, received, self.listener)
        elif type(event) is LiquidationEvent:
            self._on_liquidation(event, self.listener)

    def hand_over_books(self) -> None:
        """Give the listener the newest book of each pair that has one waiting."""
        waiting, self._waiting = self._waiting, {}
        if self.listener is not None:
            for symbol, book in waiting.items():
                # The venue's documentation shows bids worst first.
                book.bids.sort(reverse=True)
                book.asks.sort()
                self.listener.on_book(symbol, book.exchange_ms, book.bids, book.asks)

    def _put_by(self, book: BookEvent) -> None:
        other = self._waiting.get(book.symbol)
        if other is not None:
            self.dropped_books += 1
            if other.exchange_ms > book.exchange_ms:  # two sockets deliver during a change-over
                return
        self._waiting[book.symbol] = book

    def _on_trade(self, trade: TradeEvent, received: float, listener: FlowListener) -> None:
        stream = self.trade_streams.get(trade.symbol)
        if stream is None:
            return
        stream.last_frame_at = received
        self.trades += 1
        listener.on_trade(
            trade.symbol,
            trade.id,
            trade.traded_ms,
            trade.price,
            trade.quantity,
            not trade.buyer_waited,
        )

    def _on_liquidation(self, event: LiquidationEvent, listener: FlowListener) -> None:
        symbol = event.order.symbol
        if symbol in self.trade_streams:
            self.liquidations += 1
            listener.on_liquidation(symbol, liquidation_of(event.order))
