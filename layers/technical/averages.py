"""Recursive indicators of one anchored window, by TA-Lib on contiguous rows."""

from collections.abc import Callable
from inspect import unwrap
from typing import Any

import numpy as np
import talib

from domain.candles import CLOSE, HIGH, LOW
from layers.technical.indicator_parameters import Periods
from layers.technical.shapes import Floats

# Where pandas is installed, TA-Lib wraps each function to look for its frames; that look costs
# half as much again as the indicator of a short window.
_ema: Callable[..., Any] = unwrap(talib.EMA)
_rsi: Callable[..., Any] = unwrap(talib.RSI)
_macd: Callable[..., Any] = unwrap(talib.MACD)
_atr: Callable[..., Any] = unwrap(talib.ATR)

RECURSIVE_COLUMNS = (
    "ema_fast",
    "ema_medium",
    "ema_slow",
    "ema_trend",
    "rsi",
    "macd_histogram",
    "atr",
)
"""Names of what `recursive_columns` returns, in order; as `Periods.candles_needed`."""


def recursive_columns(window: Floats, periods: Periods) -> tuple[Floats, ...]:
    """The recursive 15m indicators, one value a candle, NaN before their first.

    `window` has the rows of a candle series, shape (6, n). RSI and ATR by Wilder's smoothing, EMA
    seeded with the simple mean, the histogram is MACD's line minus its signal.
    """
    close = window[CLOSE]
    _, _, histogram = _macd(close, periods.macd_fast, periods.macd_slow, periods.macd_signal)
    return (
        *stack_averages(close, periods),
        _ema(close, periods.ema_trend),
        _rsi(close, periods.rsi),
        histogram,
        _atr(window[HIGH], window[LOW], close, periods.atr),
    )


def stack_averages(close: Floats, periods: Periods) -> tuple[Floats, ...]:
    """Fast, medium and slow EMA of a window of closes: the trend of a timeframe."""
    return (
        _ema(close, periods.ema_fast),
        _ema(close, periods.ema_medium),
        _ema(close, periods.ema_slow),
    )


def gather(column: Floats, offsets: np.ndarray[Any, np.dtype[np.int64]], first: int = 0) -> Floats:
    """Values at rising offsets; NaN where one lies before `first` or outside the column."""
    found: Floats
    if offsets[0] >= first and offsets[-1] < len(column):
        found = column[offsets]
        return found
    found = np.full(len(offsets), np.nan)
    inside = (offsets >= first) & (offsets < len(column))
    found[inside] = column[offsets[inside]]
    return found
