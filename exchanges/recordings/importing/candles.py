"""Candles made from the trades of a source, as the venue's kline frames."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from domain.timeframes import Timeframe
from exchanges.recordings.importing.trades import AggregateTrade

FORMING_MS: Final = 250
"""Exchange milliseconds between two frames of a forming candle, as at the venue."""

Frame = tuple[int, bytes]
"""Event time and body."""


class CandleBuilder:
    """The candles of one pair and timeframe, from the first one that the trades cover whole."""

    def __init__(self, symbol: str, timeframe: Timeframe) -> None:
        self._symbol = symbol
        self._timeframe = timeframe
        self._first_index: int | None = None
        self._candle: _Candle | None = None
        self._next_frame_ms = 0

    def add(self, trade: AggregateTrade) -> Iterator[Frame]:
        """Take a trade in; the frames that follow from it, final ones first."""
        index = self._timeframe.index_of(trade.traded_ms)
        if self._first_index is None:
            self._first_index = index + 1
        if index < self._first_index:
            return
        yield from self._finals_before(index, trade)
        if self._candle is None:
            self._candle = _Candle(index, trade.price)
        if index == self._candle.index:
            self._candle.add(trade)
            yield from self._forming(self._candle, trade.event_ms)

    def _finals_before(self, index: int, trade: AggregateTrade) -> Iterator[Frame]:
        """The candle that this trade ends, and those after it in which nothing traded."""
        while self._candle is not None and self._candle.index < index:
            yield trade.event_ms, self._frame(self._candle, trade.event_ms, is_final=True)
            following = self._candle.index + 1
            self._candle = _Candle(following, self._candle.close) if following < index else None

    def _forming(self, candle: "_Candle", at_ms: int) -> Iterator[Frame]:
        if at_ms >= self._next_frame_ms:
            self._next_frame_ms = at_ms + FORMING_MS
            yield at_ms, self._frame(candle, at_ms, is_final=False)

    def _frame(self, candle: "_Candle", at_ms: int, *, is_final: bool) -> bytes:
        length = self._timeframe.milliseconds
        kline = {
            "t": candle.index * length,
            "T": (candle.index + 1) * length - 1,
            "s": self._symbol,
            "i": self._timeframe.value,
            "x": is_final,
            **candle.fields(),
        }
        event = {"e": "kline", "E": at_ms, "s": self._symbol, "k": kline, "st": 1}
        return msgspec.json.encode(event)


class _Candle:
    """Candle number `index` so far; one without a trade stands at the close before it."""

    def __init__(self, index: int, price: str) -> None:
        self.index = index
        self.open = self.high = self.low = self.close = price
        self.first_id = self.last_id = -1
        self.trades = 0
        self.volume = self.turnover = self.bought = self.bought_turnover = Decimal(0)

    def add(self, trade: AggregateTrade) -> None:
        self.high = max(self.high, trade.price, key=Decimal)
        self.low = min(self.low, trade.price, key=Decimal)
        self.close = trade.price
        if not self.trades:
            self.first_id = trade.first_id
        self.last_id = trade.last_id
        self.trades += trade.count
        self.volume += trade.amount
        self.turnover += trade.turnover
        if not trade.buyer_is_maker:
            self.bought += trade.amount
            self.bought_turnover += trade.turnover

    def fields(self) -> dict[str, Any]:
        return {
            "f": self.first_id,
            "L": self.last_id,
            "o": self.open,
            "c": self.close,
            "h": self.high,
            "l": self.low,
            "v": str(self.volume),
            "n": self.trades,
            "q": str(self.turnover),
            "V": str(self.bought),
            "Q": str(self.bought_turnover),
            "B": "0",
        }
