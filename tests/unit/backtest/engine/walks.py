"""Markets to test backtests on: seeded random walks with the volatility of a lively coin."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from domain.evidence import LayerName
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, to_ms
from engine.backtest.values import BacktestParameters, PairHistory, TestedStrategy
from engine.confluence_parameters import ConfluenceParameters
from engine.decide import DecisionParameters
from risk.gate import RiskParameters
from risk.risk_per_trade import RiskPerTradeParameters
from tests.builders.market import make_instrument
from tests.unit.layers.technical.markets import from_minutes, part

TICK = 0.01
BLOCK_BEGINS = datetime(2025, 9, 29, 0, 0, tzinfo=UTC)
EVERY = tuple(Timeframe)
COARSE = (Timeframe.M15, Timeframe.H1)

FloatArray = NDArray[np.float64]


def first_minute_before(start: datetime) -> int:
    """The 1-minute candle that a history must begin with so that `start` can be decided on."""
    return min(
        window.start_of(timeframe.last_closed_index(to_ms(start)))
        * (timeframe.milliseconds // Timeframe.M1.milliseconds)
        for timeframe, window in ANCHORED_WINDOWS.items()
    )


def walk(seed: int, first: int, last: int, *, scale: float = 0.0012) -> FloatArray:
    """1-minute columns `first` to `last`, half of whose moves all walks have in common."""
    own, common = np.random.default_rng(seed), np.random.default_rng(12_345)
    count = last - first + 1
    calm = np.exp(np.repeat(own.normal(0.0, 0.4, count // 900 + 1), 900)[:count])
    moves = (0.6 * common.normal(size=count) + 0.8 * own.normal(size=count)) * calm * scale
    close = _on_grid(100.0 * np.exp(np.cumsum(moves)))
    opened = np.concatenate(([100.0], close[:-1]))
    wicks = _on_grid(np.abs(own.normal(0.0, 1.0, (2, count))) * calm * scale * close * 0.4)
    volume = np.rint(own.lognormal(9.0, 0.8, count))
    low = np.maximum(np.minimum(opened, close) - wicks[1], TICK)
    return np.vstack([opened, np.maximum(opened, close) + wicks[0], low, close, volume, volume / 2])


def make_histories(
    bases: Collection[str],
    start: datetime,
    end: datetime,
    *,
    timeframes: Collection[Timeframe] = EVERY,
    seed: int = 1,
    scale: float = 0.0012,
) -> dict[str, PairHistory]:
    """A pair for each base, with just enough history for `start`, up to `end`."""
    first, last = first_minute_before(start), Timeframe.M1.last_closed_index(to_ms(end))
    found = {}
    for place, base in enumerate(bases):
        columns = walk(seed + place, first, last, scale=scale)
        found[f"{base}USDT"] = history_of(base, columns, first, timeframes)
    return found


def history_of(
    base: str, columns: FloatArray, first: int, timeframes: Collection[Timeframe] = EVERY
) -> PairHistory:
    market = from_minutes(columns, first)
    return PairHistory(
        instrument=make_instrument(base, tick=str(TICK), step="0.001"),
        candles={each: market[each] for each in timeframes},
        finest=min(timeframes, key=lambda each: each.milliseconds),
    )


def cut_off(history: PairHistory, end: datetime) -> PairHistory:
    """The same history, over at an instant."""
    candles = {
        timeframe: part(series, series.first_index, timeframe.last_closed_index(to_ms(end)))
        for timeframe, series in history.candles.items()
    }
    return replace(history, candles=candles)


def make_strategy(
    *layers: LayerName, threshold: float = 65.0, assumed: BacktestParameters | None = None
) -> TestedStrategy:
    """The technical layer alone, unless others are named."""
    confluence = ConfluenceParameters(
        layers=layers or (LayerName.TECHNICAL,), medium_threshold=threshold
    )
    risk_per_trade = RiskPerTradeParameters(score_bands=(85.0, 75.0, threshold))
    return TestedStrategy(
        decision=DecisionParameters(confluence=confluence),
        risk=RiskParameters(risk_per_trade=risk_per_trade),
        assumed=assumed or BacktestParameters(),
    )


def _on_grid(prices: FloatArray) -> FloatArray:
    return np.maximum(np.rint(prices / TICK), 1.0) * TICK
