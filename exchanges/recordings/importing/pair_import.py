"""One pair of a source: its book from changes, its aggregates from trades, its candles."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from domain.timeframes import Timeframe
from exchanges.recordings.event_times import BOOK, TRADES
from exchanges.recordings.importing.candles import CandleBuilder
from exchanges.recordings.importing.local_book import Change, LocalBook, Outcome
from exchanges.recordings.importing.sources import SourceLine
from exchanges.recordings.importing.survey import is_change, read_change, read_snapshot
from exchanges.recordings.importing.trades import AggregateTrade, read_aggregate, read_trade

_LEVELS: Final = 20
_BOOK_PERIOD_MS: Final = 100

MadeFrame = tuple[str, int, bytes]
"""Stream, event time and body of a frame that the source did not hold itself."""


class PairImport:
    """Makes the frames of a pair that its source lacks; what it has stays as it is."""

    def __init__(self, symbol: str, streams: Collection[str]) -> None:
        name = symbol.lower()
        self._symbol = symbol
        self._book_stream = f"{name}@{BOOK}"
        self._trade_stream = f"{name}@{TRADES}"
        self._makes_trades = self._trade_stream not in streams
        self._builders = {
            stream: CandleBuilder(symbol, timeframe)
            for timeframe in Timeframe
            if (stream := f"{name}@kline_{timeframe}") not in streams
        }
        self._book = LocalBook()
        self._period = -1
        self._told_id: int | None = None
        self.book_faults: Counter[str] = Counter()
        self.trades_left_out = 0

    @property
    def made_streams(self) -> list[str]:
        """The streams that this may add."""
        trades = [self._trade_stream] if self._makes_trades else []
        return [self._book_stream, *trades, *self._builders]

    def frames(self, line: SourceLine) -> Iterator[MadeFrame]:
        """What follows from a line of the source."""
        if line.stream is None:
            if not self._book.reset(read_snapshot(line.body)):
                self.book_faults["snapshot older than the book"] += 1
        elif is_change(line.stream):
            yield from self._book_frames(read_change(line.body))
        elif line.stream == f"{self._symbol.lower()}@trade" and self._makes_trades:
            yield from self._trade_frames(line.body)
        elif line.stream == self._trade_stream:
            yield from self._candle_frames(read_aggregate(line.body))

    def _book_frames(self, change: Change) -> Iterator[MadeFrame]:
        """The book's first state in each 100 ms of exchange time."""
        outcome = self._book.change(change)
        if outcome is not Outcome.APPLIED:
            self.book_faults[outcome.value] += 1
            return
        period = change.at_ms // _BOOK_PERIOD_MS
        if period != self._period:
            self._period = period
            yield self._book_stream, change.event_ms, self._book_body(change)

    def _book_body(self, change: Change) -> bytes:
        bids, asks = self._book.best(_LEVELS)
        previous = change.first_id - 1 if self._told_id is None else self._told_id
        self._told_id = change.last_id
        return msgspec.json.encode(
            {
                "e": "depthUpdate",
                "E": change.event_ms,
                "T": change.at_ms,
                "s": self._symbol,
                "ps": self._symbol,
                "st": 1,
                "U": previous + 1,
                "u": change.last_id,
                "pu": previous,
                "b": bids,
                "a": asks,
            }
        )

    def _trade_frames(self, body: bytes) -> Iterator[MadeFrame]:
        trade = read_trade(body)
        if not trade.is_aggregated:
            self.trades_left_out += 1
            return
        aggregate = trade.as_aggregate()
        yield self._trade_stream, trade.event_ms, msgspec.json.encode(aggregate)
        yield from self._candle_frames(aggregate)

    def _candle_frames(self, trade: AggregateTrade) -> Iterator[MadeFrame]:
        for stream, builder in self._builders.items():
            for event_ms, body in builder.add(trade):
                yield stream, event_ms, body
