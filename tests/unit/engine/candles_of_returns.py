"""Candles by the returns of their closes, for correlations."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from domain.candles import CandleSeries
from domain.timeframes import Timeframe, to_ms
from tests.builders.market import make_candle

AS_OF = datetime(2025, 10, 6, 14, 0, tzinfo=UTC)
LAST = Timeframe.H1.last_closed_index(to_ms(AS_OF))
WAVE = [math.sin(n * 1.3) / 100 for n in range(60)]


def make_closes(returns: Sequence[float], start: float = 100.0) -> list[float]:
    """The price before the first return, and after each."""
    closes = [start]
    for each in returns:
        closes.append(closes[-1] * math.exp(each))
    return closes


def make_series(
    returns: Sequence[float], last_index: int = LAST, timeframe: Timeframe = Timeframe.H1
) -> CandleSeries:
    """Candles with these log returns, the newest one that of candle `last_index`."""
    closes = make_closes(returns)
    first = last_index - len(closes) + 1
    return CandleSeries.of(
        [
            make_candle(index=first + n, open_=close, close=close, timeframe=timeframe)
            for n, close in enumerate(closes)
        ]
    )
