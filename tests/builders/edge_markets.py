"""Markets out of a seed with a planted edge, or with none, as a folder of stored candles."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.instruments import Instrument
from domain.timeframes import Timeframe, to_ms
from exchanges.history import HistoryStore
from exchanges.history.listing import ListedPair
from exchanges.history.table import CandleTable

Real = npt.NDArray[np.float64]

MARKET_START = datetime(2025, 3, 3, tzinfo=UTC)
_TICKS = 8
"""Steps of price within a candle of 5 minutes."""

_CANDLES_A_DAY = 288
_VOLATILITY = 0.003
"""Deviation of the return of a candle of 5 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A move that the technical layer leans on, and what follows: so far on, then all of it back.

    Lengths in candles of 5 minutes; `push` and `drift` are returns per candle in deviations.
    """

    push_candles: int = 9
    push: float = 1.2
    drift_candles: int = 36
    drift: float = 0.45
    return_candles: int = 24
    every_candles: int = 240


def write_market(
    root: Path, *, pairs: int, days: int, seed: int, burst: Burst | None = None
) -> None:
    """Candles of 5 minutes of several pairs, from their listing on; without a burst a random walk.

    The walk has no drift: the expected price after any number of candles is that of now.
    """
    store = HistoryStore(root)
    generator = np.random.default_rng(seed)
    listed = {}
    for number in range(pairs):
        symbol = f"{chr(ord('A') + number) * 3}USDT"
        drifts = np.zeros(days * _CANDLES_A_DAY)
        loudness = np.ones(days * _CANDLES_A_DAY)
        if burst is not None:
            drifts, loudness = _bursts(generator, days * _CANDLES_A_DAY, burst)
        table = _table(generator, drifts, loudness)
        store.write(symbol, table)
        listed[symbol] = ListedPair(
            instrument=_instrument(symbol), first_candle_ms=to_ms(MARKET_START)
        )
    store.write_listed(listed)


def _bursts(generator: np.random.Generator, candles: int, burst: Burst) -> tuple[Real, Real]:
    """Drift of each candle in deviations, and how much louder its trade is than usual."""
    drifts, loudness = np.zeros(candles), np.ones(candles)
    length = burst.push_candles + burst.drift_candles + burst.return_candles
    at = int(generator.integers(100, burst.every_candles))
    while at + length < candles:
        side = 1.0 if generator.random() < 0.5 else -1.0
        pushed = at + burst.push_candles
        drifted = pushed + burst.drift_candles
        gone = burst.push * burst.push_candles + burst.drift * burst.drift_candles
        drifts[at:pushed] = side * burst.push
        loudness[at:pushed] = 4.0
        drifts[pushed:drifted] = side * burst.drift
        drifts[drifted : at + length] = -side * gone / burst.return_candles
        at += length + int(generator.integers(burst.every_candles // 2, burst.every_candles))
    return drifts, loudness


def _table(generator: np.random.Generator, drifts: Real, loudness: Real) -> CandleTable:
    candles = len(drifts)
    noise = generator.normal(0.0, 1.0, (candles, _TICKS)) / np.sqrt(_TICKS)
    steps = (noise + drifts[:, None] / _TICKS) * _VOLATILITY
    # Half the variance off, or a walk of returns would drift upwards in price.
    logs = np.cumsum(steps.ravel() - _VOLATILITY**2 / _TICKS / 2).reshape(candles, _TICKS)
    closes = np.exp(logs) * 100.0
    opens = np.concatenate([[100.0], closes[:-1, -1]])
    path = np.round(np.column_stack([opens, closes]), 3)
    volume = np.round(generator.lognormal(9.0, 0.3, candles) * loudness, 1)
    share = np.clip(0.5 + 0.12 * steps.sum(axis=1) / _VOLATILITY, 0.05, 0.95)
    columns = np.vstack(
        [
            path[:, 0],
            path.max(axis=1),
            path.min(axis=1),
            path[:, -1],
            volume,
            np.round(volume * share, 1),
        ]
    )
    length = Timeframe.M5.milliseconds
    opened = to_ms(MARKET_START) + np.arange(candles, dtype=np.int64) * length
    return CandleTable(timeframe=Timeframe.M5, opened=opened, columns=columns)


def _instrument(symbol: str) -> Instrument:
    return Instrument(
        symbol=symbol,
        base=symbol.removesuffix("USDT"),
        quote="USDT",
        tick=Decimal("0.001"),
        step=Decimal("0.1"),
        minimum_quantity=Decimal("0.1"),
        minimum_notional=Decimal(5),
        listed_at=MARKET_START - timedelta(days=1),
    )
