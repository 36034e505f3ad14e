"""Candles of one pair and timeframe as columns, gaps allowed: what files hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from domain.candles import COLUMN_COUNT, CandleSeries
from domain.timeframes import Timeframe
from exchanges.grids import Real, Whole


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CandleTable:
    """Closed candles, oldest first, none twice; missing ones are simply not there.

    `opened` are open times in ms, shape (n,); `columns` has shape (6, n), rows in the order of
    `domain.candles`, taker-buy volume NaN where it is not known.
    """

    timeframe: Timeframe
    opened: Whole
    columns: Real

    @classmethod
    def empty(cls, timeframe: Timeframe) -> Self:
        """No candle at all."""
        return cls(
            timeframe=timeframe,
            opened=np.empty(0, dtype=np.int64),
            columns=np.empty((COLUMN_COUNT, 0), dtype=np.float64),
        )

    @classmethod
    def of(cls, series: CandleSeries) -> Self:
        """The candles of a series."""
        length = series.timeframe.milliseconds
        return cls(
            timeframe=series.timeframe,
            opened=(series.first_index + np.arange(len(series), dtype=np.int64)) * length,
            columns=np.array(series.columns, dtype=np.float64),
        )

    @classmethod
    def joined(cls, timeframe: Timeframe, tables: Sequence[Self]) -> Self:
        """Tables one after the other; the caller sees to their order."""
        if not tables:
            return cls.empty(timeframe)
        return cls(
            timeframe=timeframe,
            opened=np.concatenate([table.opened for table in tables]),
            columns=np.concatenate([table.columns for table in tables], axis=1),
        )

    def __len__(self) -> int:
        return len(self.opened)

    @property
    def first_ms(self) -> int:
        """Open time of the first candle; there must be one."""
        return int(self.opened[0])

    @property
    def end_ms(self) -> int:
        """Boundary at which the last candle closed; there must be one."""
        return int(self.opened[-1]) + self.timeframe.milliseconds

    def within(self, start_ms: int | None, end_ms: int | None) -> Self:
        """The candles that open at or after `start_ms` and close by `end_ms`."""
        begin = 0 if start_ms is None else int(np.searchsorted(self.opened, start_ms))
        end = len(self)
        if end_ms is not None:
            last_open = end_ms - self.timeframe.milliseconds
            end = int(np.searchsorted(self.opened, last_open, side="right"))
        return self.rows(begin, max(begin, end))

    def rows(self, begin: int, end: int) -> Self:
        """Candles from position `begin` up to but not including position `end`."""
        return type(self)(
            timeframe=self.timeframe,
            opened=self.opened[begin:end],
            columns=self.columns[:, begin:end],
        )

    def rows_where(self, wanted: npt.NDArray[np.bool_]) -> Self:
        """The candles that are wanted, by position."""
        return type(self)(
            timeframe=self.timeframe,
            opened=self.opened[wanted],
            columns=self.columns[:, wanted],
        )

    def series(self) -> CandleSeries:
        """The candles as a series; there must be no gap in them."""
        first = self.timeframe.index_of(self.first_ms)
        return series_of(self.timeframe, first, self.columns)


def series_of(timeframe: Timeframe, first_index: int, columns: Real) -> CandleSeries:
    """A series over columns of shape (6, n), which nobody changes afterwards."""
    # numpy's stubs know no memoryview of floats
    view: Any = memoryview(np.ascontiguousarray(columns)).toreadonly()  # type: ignore[arg-type]
    return CandleSeries(timeframe, first_index, view)
