"""Refuses histories that no venue can have told: one clear error instead of a wrong result."""

from itertools import pairwise

import numpy as np

from domain.candles import CLOSE, HIGH, LOW, OPEN, VOLUME, CandleSeries
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe, from_ms
from engine.backtest.values import PairHistory

_MEND = "run the check of the downloaded history, and fetch that pair again"


def check_history(history: PairHistory) -> None:
    """Raise `InvalidDataError` for what cannot be, naming the pair, the place and how to mend it.

    A series cannot hold a gap, a repetition or a wrong order by its type; what is checked is that
    its candles are possible, that each stands under its own timeframe, that what is decided on and
    what is followed are there, and that fundings are in order.
    """
    symbol = history.symbol
    if Timeframe.M15 not in history.candles or not len(history.candles[Timeframe.M15]):
        raise InvalidDataError(f"{symbol} has no 15m candles, so nothing can be decided; {_MEND}")
    if history.finest not in history.candles:
        raise InvalidDataError(
            f"signals of {symbol} are to be followed on {history.finest} candles, and there are "
            f"only {', '.join(history.candles)}; {_MEND}"
        )
    for timeframe, series in history.candles.items():
        _check_series(symbol, timeframe, series)
    if any(later.at_ms <= earlier.at_ms for earlier, later in pairwise(history.funding)):
        raise InvalidDataError(f"fundings of {symbol} repeat or are out of order; {_MEND}")


def _check_series(symbol: str, timeframe: Timeframe, series: CandleSeries) -> None:
    if series.timeframe is not timeframe:
        raise InvalidDataError(f"{symbol} has {series.timeframe} candles filed as {timeframe}")
    columns = np.asarray(series.columns)
    opened, high, low, close, volume = columns[[OPEN, HIGH, LOW, CLOSE, VOLUME]]
    is_possible = (
        (low > 0)
        & (low <= np.minimum(opened, close))
        & (np.maximum(opened, close) <= high)
        & np.isfinite(high)
        & (volume >= 0)
        & np.isfinite(volume)
    )
    if not is_possible.all():
        at = series.first_index + int(np.argmin(is_possible))
        raise InvalidDataError(
            f"impossible {timeframe} candle of {symbol} at "
            f"{from_ms(at * timeframe.milliseconds).isoformat()}; {_MEND}"
        )
