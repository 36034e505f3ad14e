"""Makes minutes out of coarser candles, so that joined again they are exactly the candle.

What happens inside is made up: a path over both extremes, the low first when the candle rises,
with noise that depends on seed, symbol and time only.
"""

from typing import Final

import numpy as np

from exchanges.simulator.market.bars import (
    CLOSE,
    HIGH,
    LOW,
    OPEN,
    TAKER_BUY,
    VOLUME,
    Real,
    Whole,
)
from exchanges.simulator.market.randomness import noise_array

_DRAWS: Final = 8192
_WAVER: Final = 0.3
_WICK: Final = 0.15


def interpolated(columns: Whole, factor: int, key: int, first_minute: int) -> Whole:
    """`factor` minutes for each candle: shape (6, n) to (6, n * factor), in whole steps."""
    count = columns.shape[1]
    opened = first_minute + factor * np.arange(count)
    draws = noise_array(key, opened[:, None] * _DRAWS + np.arange(5 * factor)[None, :])
    waver, up, down, volume, order = np.split(draws, 5, axis=1)
    extremes_at = np.column_stack((0.1 + 0.35 * order[:, 0], 0.55 + 0.35 * order[:, 1]))
    knots = _knots(columns, factor, extremes_at, waver)
    minutes = _bars(columns, knots, extremes_at, (up, down))
    span = (minutes[HIGH] - minutes[LOW]).astype(np.float64)
    weights = (0.3 + volume) * (span + 0.2 * span.mean(axis=1, keepdims=True) + 1e-9)
    bought = _parts(columns[TAKER_BUY], weights)
    sold = _parts(columns[VOLUME] - columns[TAKER_BUY], weights)
    minutes[VOLUME], minutes[TAKER_BUY] = bought + sold, bought
    return minutes.reshape(6, count * factor)


def _knots(columns: Whole, factor: int, extremes_at: Real, waver: Real) -> Whole:
    """Prices at the minute boundaries of each candle, shape (n, factor + 1)."""
    opened, high, low, close = (columns[row][:, None] for row in (OPEN, HIGH, LOW, CLOSE))
    first, second = np.where(close >= opened, low, high), np.where(close >= opened, high, low)
    at = np.linspace(0.0, 1.0, factor + 1)[None, :]
    early, late = extremes_at[:, :1], extremes_at[:, 1:]
    path = np.where(
        at <= early,
        opened + (first - opened) * at / early,
        np.where(
            at <= late,
            first + (second - first) * (at - early) / (late - early),
            second + (close - second) * (at - late) / (1.0 - late),
        ),
    )
    path[:, 1:] += _WAVER * (high - low) * (waver - 0.5)
    knots: Whole = np.clip(np.rint(path), low, high).astype(np.int64)
    knots[:, 0], knots[:, -1] = opened[:, 0], close[:, 0]
    return knots


def _bars(columns: Whole, knots: Whole, extremes_at: Real, wicks: tuple[Real, Real]) -> Whole:
    """Prices of the minutes, shape (6, n, factor), volumes still zero."""
    count, factor = knots.shape[0], knots.shape[1] - 1
    high, low = columns[HIGH][:, None], columns[LOW][:, None]
    opened, close = knots[:, :-1], knots[:, 1:]
    reach = _WICK * (high - low)
    upper = np.minimum(np.maximum(opened, close) + np.rint(reach * wicks[0]), high)
    lower = np.maximum(np.minimum(opened, close) - np.rint(reach * wicks[1]), low)
    minutes = np.zeros((6, count, factor), dtype=np.int64)
    minutes[OPEN], minutes[HIGH], minutes[LOW], minutes[CLOSE] = opened, upper, lower, close
    rising = columns[CLOSE] >= columns[OPEN]
    early, late = (extremes_at * factor).astype(np.int64).T
    rows = np.arange(count)
    minutes[HIGH, rows, np.where(rising, late, early)] = columns[HIGH]
    minutes[LOW, rows, np.where(rising, early, late)] = columns[LOW]
    return minutes


def _parts(totals: Whole, weights: Real) -> Whole:
    """Whole parts of each total in proportion to its row of weights; they add up to it."""
    share = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    cuts = np.floor(share * totals[:, None]).astype(np.int64)
    cuts[:, -1] = totals
    return np.asarray(np.diff(cuts, axis=1, prepend=0), dtype=np.int64)
