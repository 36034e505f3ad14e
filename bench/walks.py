"""Seeded random walks as stored 15-minute candles: markets of any size that need no data."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from domain.instruments import Instrument
from domain.timeframes import Timeframe, to_ms
from exchanges.history import CandleTable, HistoryStore, ListedPair

Real = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

BEGIN = datetime(2025, 3, 3, tzinfo=UTC)
_TICKS = 8
_VOLATILITY = 0.004
_CANDLES_A_DAY = 96


def write_walks(
    root: Path,
    *,
    symbols: Sequence[str],
    days: int,
    on_pair: Callable[[str, Whole, Real], None] | None = None,
) -> None:
    """Walks from the pairs' listing on, which share a part of their moves; days differ in calm.

    `on_pair` is told the open times in ms (n,) and the columns (6, n) of each pair.
    """
    store, generator = HistoryStore(root), np.random.default_rng(7)
    count = days * _CANDLES_A_DAY
    common = generator.normal(size=(count, _TICKS))
    opened = to_ms(BEGIN) + np.arange(count, dtype=np.int64) * Timeframe.M15.milliseconds
    for symbol in symbols:
        columns = _columns(generator, common, days)
        table = CandleTable(timeframe=Timeframe.M15, opened=opened, columns=columns)
        store.write(symbol, table)
        if on_pair is not None:
            on_pair(symbol, opened, columns)
    store.write_listed(
        {
            symbol: ListedPair(instrument=_instrument(symbol), first_candle_ms=to_ms(BEGIN))
            for symbol in symbols
        }
    )


def _columns(generator: np.random.Generator, common: Real, days: int) -> Real:
    count = len(common)
    moves = 0.6 * common + 0.8 * generator.normal(size=(count, _TICKS))
    calm = np.exp(np.repeat(generator.normal(0.0, 0.5, days), _CANDLES_A_DAY))[:, None]
    logs = np.cumsum((moves * calm * _VOLATILITY / np.sqrt(_TICKS)).ravel())
    closes = 100.0 * np.exp(logs).reshape(count, _TICKS)
    path = np.column_stack([np.concatenate([[100.0], closes[:-1, -1]]), closes])
    path = np.maximum(np.round(path, 2), 0.01)
    volume = np.round(generator.lognormal(9.0, 0.5, count), 1)
    rows = [path[:, 0], path.max(axis=1), path.min(axis=1), path[:, -1], volume]
    return np.vstack([*rows, np.round(volume / 2, 1)])


def _instrument(symbol: str) -> Instrument:
    return Instrument(
        symbol=symbol,
        base=symbol.removesuffix("USDT"),
        quote="USDT",
        tick=Decimal("0.01"),
        step=Decimal("0.001"),
        minimum_quantity=Decimal("0.001"),
        minimum_notional=Decimal(5),
        listed_at=BEGIN,
    )
