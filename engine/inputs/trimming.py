"""Cuts inputs down to what a decision can depend on, so that they can be kept for ever."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from domain.candles import CandleSeries
from domain.correlations import Correlations
from domain.market import MarketSnapshot
from domain.timeframes import ANCHORED_WINDOWS
from risk.state import RiskState


def trim_snapshot(snapshot: MarketSnapshot) -> MarketSnapshot:
    """The snapshot with no more of each series than the anchored window of its newest candle.

    Whatever was loaded before that window has no part in any value (design 8).
    """
    candles = {timeframe: trim_series(series) for timeframe, series in snapshot.candles.items()}
    return replace(snapshot, candles=candles)


def trim_series(series: CandleSeries) -> CandleSeries:
    """The candles from the start of the newest one's anchored window on; all, where that is none.

    The columns are copied, so that nothing later written beside them is held.
    """
    start = ANCHORED_WINDOWS[series.timeframe].start_of(series.last_index)
    first = max(series.first_index, start)
    kept = np.asarray(series.columns)[:, first - series.first_index :]
    columns = memoryview(kept.tobytes()).cast("d", kept.shape)
    return CandleSeries(series.timeframe, first, columns)


def trim_state(state: RiskState, symbol: str) -> RiskState:
    """The state with the correlations that the gate can ask for about one pair.

    Those of the pair and of the live trades with each other; the rest of the market is hundreds of
    times as much.
    """
    symbols = sorted({symbol, *(trade.symbol for trade in state.trades)})
    known = state.correlations.values
    values = {pair: known[pair] for pair in combinations(symbols, 2) if pair in known}
    return replace(state, correlations=Correlations(as_of=state.correlations.as_of, values=values))
