"""Builds frames out of candle series: which window each value is computed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from domain.candles import CLOSE, VOLUME, CandleSeries
from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from layers.technical.averages import (
    RECURSIVE_COLUMNS,
    gather,
    recursive_columns,
    stack_averages,
)
from layers.technical.frame import Frame
from layers.technical.parameters import TechnicalParameters
from layers.technical.shapes import Floats
from layers.technical.vwap import CANDLES_A_DAY

CandleNumbers = np.ndarray[Any, np.dtype[np.int64]]
CandlesByTimeframe = Mapping[Timeframe, CandleSeries]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Rows whose candle of another timeframe lies in the same anchored block of it."""

    rows: slice
    numbers: CandleNumbers
    start: int
    stop: int


def frame_of(
    pairs: Sequence[CandlesByTimeframe], number: int, rows: int, parameters: TechnicalParameters
) -> Frame:
    """Lay out the `rows` 15m candles of each pair that end with candle `number`.

    All of them must lie in one anchored block. A pair without candle `number` is all NaN.
    """
    builder = _Builder(number, rows, len(pairs), parameters)
    for column, candles in enumerate(pairs):
        builder.add(column, candles)
    return builder.frame()


class _Builder:
    """Arrays under construction; a pair is written into its own column."""

    def __init__(self, number: int, rows: int, pairs: int, parameters: TechnicalParameters) -> None:
        self._number = number
        self._rows = rows
        self._parameters = parameters
        self._needed = parameters.periods.candles_needed()
        self._start = ANCHORED_WINDOWS[Timeframe.M15].start_of(number - rows + 1)
        boundaries = (np.arange(number - rows, number) + 2) * Timeframe.M15.milliseconds
        self._hours = _stretches(Timeframe.H1, boundaries)
        self._five_minutes = _stretches(Timeframe.M5, boundaries)
        self._minutes = boundaries // Timeframe.M1.milliseconds - 1
        self._candles = np.full((VOLUME + 1, rows + _depth(parameters) - 1, pairs), np.nan)
        self._indicators = np.full(
            (len(RECURSIVE_COLUMNS), rows + _lags(parameters) - 1, pairs), np.nan
        )
        self._hour_averages = np.full((3, rows, pairs), np.nan)
        self._five_minute_averages = np.full((3, rows, pairs), np.nan)
        self._minute_closes = np.full((2, rows, pairs), np.nan)

    def add(self, pair: int, candles: CandlesByTimeframe) -> None:
        main = candles.get(Timeframe.M15)
        if main is None or not main.first_index <= self._number <= main.last_index:
            return
        self._add_main(pair, main)
        self._add_averages(self._hour_averages, self._hours, pair, candles.get(Timeframe.H1))
        self._add_averages(
            self._five_minute_averages, self._five_minutes, pair, candles.get(Timeframe.M5)
        )
        self._add_minutes(pair, candles.get(Timeframe.M1))

    def _add_main(self, pair: int, series: CandleSeries) -> None:
        begin = max(self._start - series.first_index, 0)
        end = self._number + 1 - series.first_index
        window = np.asarray(series.columns)[:, begin:end]
        _write_end(self._candles, pair, window[: VOLUME + 1])
        columns = recursive_columns(window, self._parameters.periods)
        for table, values, needed in zip(self._indicators, columns, self._needed, strict=True):
            _write_end(table, pair, values, needed - 1)

    def _add_averages(
        self, table: Floats, stretches: Sequence[Stretch], pair: int, series: CandleSeries | None
    ) -> None:
        if series is None:
            return
        closes = np.asarray(series.columns)[CLOSE]
        for stretch in stretches:
            start = max(stretch.start - series.first_index, 0)
            window = closes[start : max(stretch.stop - series.first_index, 0)]
            offsets = stretch.numbers - (series.first_index + start)
            averages = stack_averages(window, self._parameters.periods)
            for row, average, needed in zip(table, averages, self._needed, strict=False):
                row[stretch.rows, pair] = gather(average, offsets, needed - 1)

    def _add_minutes(self, pair: int, series: CandleSeries | None) -> None:
        if series is None:
            return
        closes = np.asarray(series.columns)[CLOSE]
        newest = self._minutes - series.first_index
        self._minute_closes[0, :, pair] = gather(closes, newest)
        earlier = newest - self._parameters.timeframes.momentum_candles
        self._minute_closes[1, :, pair] = gather(closes, earlier)

    def frame(self) -> Frame:
        opened, high, low, close, volume = self._candles
        return Frame(
            number=self._number,
            rows=self._rows,
            open=opened,
            high=high,
            low=low,
            close=close,
            volume=volume,
            hour_averages=self._hour_averages,
            five_minute_averages=self._five_minute_averages,
            minute_closes=self._minute_closes,
            **dict(zip(RECURSIVE_COLUMNS, self._indicators, strict=True)),
        )


def _write_end(table: Floats, pair: int, values: Floats, first: int = 0) -> None:
    """Align values, from `first` on, with the end of a table along time, as far as it reaches."""
    depth = min(table.shape[-2], values.shape[-1] - first)
    if depth > 0:
        table[..., -depth:, pair] = values[..., -depth:]


def _stretches(timeframe: Timeframe, boundaries: CandleNumbers) -> list[Stretch]:
    """Newest candles closed at each boundary, split where their anchored block changes."""
    window = ANCHORED_WINDOWS[timeframe]
    numbers = boundaries // timeframe.milliseconds - 1
    edges = np.flatnonzero(np.diff(numbers // window.block)) + 1
    bounds = [0, *edges.tolist(), len(numbers)]
    return [
        Stretch(
            slice(begin, end),
            numbers[begin:end],
            window.start_of(int(numbers[begin])),
            int(numbers[end - 1]) + 1,
        )
        for begin, end in pairwise(bounds)
    ]


def _depth(parameters: TechnicalParameters) -> int:
    """Candles before and with a row that its scores look at."""
    periods, levels, patterns = parameters.periods, parameters.levels, parameters.patterns
    return max(
        levels.lookback + levels.wing,
        CANDLES_A_DAY + patterns.vwap_reclaim.dip_candles,
        patterns.fair_value_gap.lookback + 3,
        patterns.momentum_ignition.run_length,
        1 + max(periods.bollinger, periods.obv, periods.volume, periods.rsi),
    )


def _lags(parameters: TechnicalParameters) -> int:
    """Values of the recursive indicators before and with a row that its scores look at."""
    periods = parameters.periods
    return max(
        periods.atr_mean,
        periods.stochastic + 2 * (periods.smoothing - 1) + parameters.stochrsi.cross_candles,
        1 + max(parameters.trend.cross_candles, parameters.macd.cross_candles),
    )
