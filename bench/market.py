"""Random-walk candles for benchmarks: the same seed, the same market."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.candles import CandleSeries
from domain.instruments import Instrument
from domain.market import MarketSnapshot
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, to_ms

BOUNDARY = datetime(2026, 1, 5, 12, tzinfo=UTC)


def snapshots(pairs: int, *, boundary: datetime = BOUNDARY) -> list[MarketSnapshot]:
    """Complete snapshots of so many pairs at one boundary."""
    return [snapshot(number, boundary) for number in range(pairs)]


def snapshot(number: int, boundary: datetime = BOUNDARY) -> MarketSnapshot:
    """One pair's snapshot; its number is its seed."""
    return MarketSnapshot(
        instrument=instrument(number), as_of=boundary, candles=series(number, boundary)
    )


def instrument(number: int) -> Instrument:
    """A made-up pair."""
    return Instrument(
        symbol=f"PAIR{number}USDT",
        base=f"PAIR{number}",
        quote="USDT",
        tick=Decimal("0.0001"),
        step=Decimal("0.001"),
        minimum_quantity=Decimal("0.001"),
        minimum_notional=Decimal(5),
    )


def series(number: int, boundary: datetime) -> Mapping[Timeframe, CandleSeries]:
    """Closed candles in all four timeframes, as deep as the anchored windows ask."""
    generator = np.random.default_rng(number)
    return {
        timeframe: _walk(generator, timeframe, boundary, window.depth)
        for timeframe, window in ANCHORED_WINDOWS.items()
    }


def without_last(of: CandleSeries) -> CandleSeries:
    """The series as it was one candle ago."""
    return CandleSeries(of.timeframe, of.first_index, _view(np.asarray(of.columns)[:, :-1]))


def _view(columns: NDArray[np.float64]) -> Any:
    return columns.data.toreadonly()  # numpy's stubs know no memoryview of floats


def _walk(
    generator: np.random.Generator, timeframe: Timeframe, boundary: datetime, count: int
) -> CandleSeries:
    steps = generator.normal(0.0, 0.003, count)
    close = 100.0 * np.exp(np.cumsum(steps))
    opened = np.concatenate(([100.0], close[:-1]))
    spread = np.abs(generator.normal(0.0, 0.002, (2, count)))
    high = np.maximum(opened, close) * (1.0 + spread[0])
    low = np.minimum(opened, close) * (1.0 - spread[1])
    volume = generator.lognormal(8.0, 0.6, count)
    columns = np.stack([opened, high, low, close, volume, volume * 0.5])
    last = timeframe.last_closed_index(to_ms(boundary))
    return CandleSeries(timeframe, last - count + 1, _view(columns))
