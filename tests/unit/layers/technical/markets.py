"""Markets to score: seeded random walks, hand-made candles, and what can be done to them.

Prices lie on a grid of 1/64, so that mirroring them about a close loses no bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.candles import CLOSE, HIGH, LOW, OPEN, TAKER_BUY_VOLUME, VOLUME, CandleSeries
from domain.instruments import Instrument
from domain.market import MarketSnapshot
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, from_ms
from layers.technical import TechnicalScores

Floats = NDArray[np.float64]
Market = Mapping[Timeframe, CandleSeries]

GRID = 1.0 / 64.0
SOME_CANDLE = 1_950_000
INSTRUMENT = Instrument(
    symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    tick=Decimal("0.1"),
    step=Decimal("0.001"),
    minimum_quantity=Decimal("0.001"),
    minimum_notional=Decimal(5),
)


def random_market(seed: int, *, candles: int = 1700, last: int | None = None) -> Market:
    """1m candles of a random walk with trends, quiet hours and volume spikes, and their sums."""
    rng = np.random.default_rng(seed)
    number = SOME_CANDLE + int(rng.integers(0, 500)) if last is None else last
    minutes = candles * 15
    drift = np.repeat(rng.uniform(-0.4, 0.4, minutes // 600 + 1), 600)[:minutes]
    scale = np.repeat(rng.choice([0.5, 3.0, 6.0], minutes // 300 + 1), 300)[:minutes]
    steps = np.rint(rng.normal(drift, scale))
    close = 400.0 + np.cumsum(steps) * GRID
    opened = np.concatenate(([400.0], close[:-1]))
    wicks = np.rint(np.abs(rng.normal(0.0, 2.0, (2, minutes)))) * GRID
    volume = np.rint(
        rng.lognormal(4.0, 0.8, minutes) * rng.choice([1.0, 6.0], minutes, p=[0.9, 0.1])
    )
    high, low = np.maximum(opened, close) + wicks[0], np.minimum(opened, close) - wicks[1]
    taker = np.rint(volume * rng.uniform(0.0, 1.0, minutes))
    columns = np.vstack([opened, high, low, close, volume, taker])
    return from_minutes(columns, (number + 1 - candles) * 15)


def from_minutes(columns: Floats, first: int) -> Market:
    """Those of the four timeframes of which 1m columns, from candle `first` on, hold a candle."""
    summed = {timeframe: _summed(columns, first, timeframe) for timeframe in Timeframe}
    return {timeframe: series for timeframe, series in summed.items() if len(series)}


def _summed(columns: Floats, first: int, timeframe: Timeframe) -> CandleSeries:
    length = timeframe.milliseconds // Timeframe.M1.milliseconds
    skipped = -first % length
    count = (columns.shape[1] - skipped) // length
    groups = columns[:, skipped : skipped + count * length].reshape(6, count, length)
    return series_of(
        timeframe,
        (first + skipped) // length,
        np.vstack(
            [
                groups[OPEN, :, 0],
                groups[HIGH].max(axis=1),
                groups[LOW].min(axis=1),
                groups[CLOSE, :, -1],
                groups[VOLUME].sum(axis=1),
                groups[TAKER_BUY_VOLUME].sum(axis=1),
            ]
        ),
    )


def series_of(timeframe: Timeframe, first: int, columns: Floats) -> CandleSeries:
    return CandleSeries(timeframe, first, _read_only(np.ascontiguousarray(columns)))


def _read_only(columns: Any) -> "memoryview[float]":
    view: memoryview[float] = columns.data.toreadonly()
    return view


def columns_of(series: CandleSeries) -> Floats:
    return np.array(series.columns)


def part(series: CandleSeries, first: int, last: int) -> CandleSeries:
    """Candles `first` to `last` of a series, as far as it has them."""
    begin, end = max(first, series.first_index), min(last, series.last_index)
    columns = columns_of(series)
    offset = series.first_index
    return series_of(series.timeframe, begin, columns[:, begin - offset : end + 1 - offset])


def seen_at(market: Market, number: int) -> Market:
    """What is closed when 15m candle `number` closes."""
    boundary = (number + 1) * Timeframe.M15.milliseconds
    return {
        timeframe: part(series, series.first_index, timeframe.last_closed_index(boundary))
        for timeframe, series in market.items()
    }


def anchored_only(market: Market, number: int) -> Market:
    """No more history than the anchored windows at 15m candle `number` reach back to."""
    boundary = (number + 1) * Timeframe.M15.milliseconds
    return {
        timeframe: part(
            series,
            ANCHORED_WINDOWS[timeframe].start_of(timeframe.last_closed_index(boundary)),
            series.last_index,
        )
        for timeframe, series in seen_at(market, number).items()
    }


def mirrored(market: Market, about: float) -> Market:
    """The market reflected about a price: rises are falls, buyers are sellers."""
    return {timeframe: _reflected(series, about) for timeframe, series in market.items()}


def _reflected(series: CandleSeries, about: float) -> CandleSeries:
    opened, high, low, close, volume, taker = columns_of(series)
    flipped = [2 * about - prices for prices in (opened, low, high, close)]
    return series_of(
        series.timeframe, series.first_index, np.vstack([*flipped, volume, volume - taker])
    )


def snapshot(market: Market) -> MarketSnapshot:
    """A snapshot at the close of the newest 15m candle."""
    closed_at = from_ms((market[Timeframe.M15].last_index + 1) * Timeframe.M15.milliseconds)
    return MarketSnapshot(instrument=INSTRUMENT, as_of=closed_at, candles=market)


def bits(scores: TechnicalScores, rows: Sequence[int]) -> list[bytes]:
    """Everything the scores say of some rows, to be compared bit by bit."""
    chosen = list(rows)
    return [
        np.ascontiguousarray(array[chosen]).tobytes()
        for array in (*_arrays(scores), *_arrays(scores.explanation))
    ]


def _arrays(owner: Any) -> list[Any]:
    values = [getattr(owner, each.name) for each in fields(owner)]
    return [value for value in values if isinstance(value, np.ndarray)]
