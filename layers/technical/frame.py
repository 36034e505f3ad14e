"""A frame: windows of many pairs, or many rows of one, laid out so that scoring is elementwise."""

from dataclasses import dataclass

import numpy as np

from layers.technical.shapes import Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Frame:
    """Candles and recursive indicators of several pairs that end at the same 15m candle.

    Time runs along the first axis, oldest first, pairs along the second. Scored are the last `rows`
    candles: one of every pair live, many of one pair in a history. All of them lie in one anchored
    block, so each column, lags included, comes from one window. What is not there is NaN.

    `open` ... `volume` have shape (rows + depth - 1, pairs), the indicators (rows + lags - 1,
    pairs). `hour_averages` and `five_minute_averages` (3, rows, pairs) are the fast, medium and
    slow EMA of the newest candle closed at each row's boundary; `minute_closes` (2, rows, pairs)
    the newest 1m close there and the one momentum is measured from.
    """

    number: int
    rows: int
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    rsi: Floats
    ema_fast: Floats
    ema_medium: Floats
    ema_slow: Floats
    ema_trend: Floats
    macd_histogram: Floats
    atr: Floats
    hour_averages: Floats
    five_minute_averages: Floats
    minute_closes: Floats

    def at(self, column: Floats, lag: int = 0) -> Floats:
        """A column `lag` candles before each row, shape (rows, pairs)."""
        end = len(column) - lag
        return column[end - self.rows : end]

    def lags(self, column: Floats, count: int) -> Floats:
        """A column 0, 1, ... `count` - 1 candles before each row, shape (count, rows, pairs)."""
        length, pairs = column.shape
        along_time, along_pairs = column.strides
        # A view: what stride_tricks does, for a fifth of its price.
        return np.ndarray(
            (count, self.rows, pairs),
            np.float64,
            column,
            (length - self.rows) * along_time,
            (-along_time, along_time, along_pairs),
        )
