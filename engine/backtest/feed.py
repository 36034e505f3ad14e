"""The candles of the past as a feed: at each instant exactly those that were closed by then."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np

from domain.candles import CLOSE, Candle, CandleSeries
from domain.errors import StaleDataError
from domain.timeframes import Timeframe, to_ms
from engine.backtest.values import PairHistory
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed


class HistoryFeed(CandleFeed):
    """Reads histories as of the clock's instant; nothing is copied.

    In place of 1-minute candles it gives each pair's finest ones (`timeframe_of`).
    """

    def __init__(self, histories: Mapping[str, PairHistory], clock: Clock) -> None:
        self._histories = histories
        self._clock = clock

    async def stream(self, symbols: Collection[str]) -> None:
        """All pairs are there from the start."""

    def series(self, symbol: str, as_of: datetime) -> Mapping[Timeframe, CandleSeries]:
        """Closed candles of a pair up to a 15-minute boundary, as views of its history.

        Raises `StaleDataError` where a timeframe does not reach so far.
        """
        if not self.is_ready(symbol, as_of):
            raise StaleDataError(f"the history of {symbol} does not reach {as_of.isoformat()}")
        at_ms = to_ms(as_of)
        counts = {
            timeframe: timeframe.last_closed_index(at_ms) - series.first_index + 1
            for timeframe, series in self._histories[symbol].candles.items()
        }
        candles = self._histories[symbol].candles
        return {
            timeframe: _until(candles[timeframe], count)
            for timeframe, count in counts.items()
            if count > 0
        }

    def is_ready(self, symbol: str, boundary: datetime) -> bool:
        """Whether every timeframe of a pair reaches a boundary."""
        at_ms = to_ms(boundary)
        candles = self._histories[symbol].candles
        return all(
            timeframe.last_closed_index(at_ms) <= series.last_index
            for timeframe, series in candles.items()
        )

    async def wait_ready(
        self,
        symbols: Collection[str],
        boundary: datetime,
        *,
        wall_seconds: float,  # noqa: ARG002 - what is not there will not come
    ) -> frozenset[str]:
        """Those that are ready; the past does not change by waiting."""
        return frozenset(symbol for symbol in symbols if self.is_ready(symbol, boundary))

    async def mend(self, symbols: Collection[str], boundary: datetime) -> frozenset[str]:
        """Those that are ready; there is nowhere to fetch the others from."""
        return frozenset(symbol for symbol in symbols if self.is_ready(symbol, boundary))

    def ready_since(self, symbol: str, boundary: datetime) -> None:
        """Unknown: nothing arrives in a history."""

    async def minute_candles(self, symbol: str, *, after_index: int) -> Sequence[Candle]:
        """Finest candles of a pair with a number above `after_index` that are closed by now."""
        series = self.finest(symbol)
        newest = min(series.timeframe.last_closed_index(self._now_ms()), series.last_index)
        first = max(after_index + 1, series.first_index)
        return [series.candle(at - series.first_index) for at in range(first, newest + 1)]

    def timeframe_of(self, symbol: str) -> Timeframe:
        """The timeframe that a pair's signals are followed on."""
        return self._histories[symbol].finest

    def finest(self, symbol: str) -> CandleSeries:
        """All of a pair's finest candles, those of the future among them."""
        history = self._histories[symbol]
        return history.candles[history.finest]

    def price(self, symbol: str) -> Decimal | None:
        """Close of the finest candle that closed last; None where the history is over."""
        series = self.finest(symbol)
        position = series.timeframe.last_closed_index(self._now_ms()) - series.first_index
        if not 0 <= position < len(series):
            return None
        return self._histories[symbol].instrument.price(series.value(CLOSE, position))

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())


def _until(series: CandleSeries, count: int) -> CandleSeries:
    # The stubs of numpy know no memoryview of floats.
    view: Any = np.asarray(series.columns)[:, :count].data
    return CandleSeries(series.timeframe, series.first_index, view.toreadonly())
