"""Which closes of a history can be decided on as live would have: all of their past is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from domain.candles import CandleSeries
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, to_ms
from engine.backtest.values import PairHistory

CandleNumbers = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closes:
    """Numbers of the 15m candles decided on, `first` to `last`, and how many only warm up.

    None are decided on where `last` is below `first`.
    """

    first: int
    last: int
    warming_up: int

    @property
    def decided(self) -> int:
        """How many can be decided on."""
        return max(0, self.last - self.first + 1)


def find_closes(
    history: PairHistory, start: datetime, end: datetime, minimum_candles: int
) -> Closes:
    """The closes with start <= close < end that every timeframe reaches.

    Those before `minimum_candles` are there, or whose anchored window in any timeframe begins
    before the history, warm up. A history that begins with the pair's listing has no earlier
    candles that live would have had.
    """
    numbers = _numbers(history.candles[Timeframe.M15], start, end)
    for series in history.candles.values():
        numbers = numbers[_newest(numbers, series.timeframe) <= series.last_index]
    is_warm = numbers >= history.candles[Timeframe.M15].first_index + minimum_candles - 1
    for series in history.candles.values():
        is_warm &= _reaches_back(numbers, series, is_listed=history.listed_ms is not None)
    warm = numbers[is_warm]
    warming_up = len(numbers) - len(warm)
    if not len(warm):
        return Closes(first=0, last=-1, warming_up=warming_up)
    return Closes(first=int(warm[0]), last=int(warm[-1]), warming_up=warming_up)


def _numbers(series: CandleSeries, start: datetime, end: datetime) -> CandleNumbers:
    """Candles that close from `start` on and before `end`."""
    length = Timeframe.M15.milliseconds
    first = max(-(-to_ms(start) // length) - 1, series.first_index)
    stop = min(-(-to_ms(end) // length) - 1, series.last_index + 1)
    return np.arange(first, max(first, stop))


def _newest(numbers: CandleNumbers, timeframe: Timeframe) -> CandleNumbers:
    """The newest candle of a timeframe that is closed at each close."""
    return (numbers + 1) * Timeframe.M15.milliseconds // timeframe.milliseconds - 1


def _reaches_back(numbers: CandleNumbers, series: CandleSeries, *, is_listed: bool) -> Mask:
    newest = _newest(numbers, series.timeframe)
    window = ANCHORED_WINDOWS[series.timeframe]
    needed = newest if is_listed else newest // window.block * window.block - window.warmup
    return needed >= series.first_index
