"""Volatility of a single series, for those who need nothing else of the technical layer."""

import numpy as np
import talib

from domain.candles import CLOSE, HIGH, LOW, CandleSeries


def latest_atr_percent(series: CandleSeries, period: int = 14) -> float | None:
    """Wilder's average true range of the newest candle in percent of its close.

    None where the series is not longer than the period. It is given before it has converged: it
    ranks and describes pairs, and no score stands on it.
    """
    if len(series) <= period:
        return None
    columns = np.asarray(series.columns)
    ranges = talib.ATR(columns[HIGH], columns[LOW], columns[CLOSE], timeperiod=period)
    return float(ranges[-1] / columns[CLOSE, -1] * 100.0)
