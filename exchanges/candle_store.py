"""Closed candles of one pair and timeframe: appended, never changed under a reader.

A candle is stored when the venue declares it final, or when REST tells it. What the stream shows of
a candle that is still forming is never stored: when the final frame is lost, a later candle only
proves that the earlier one is over, not how it ended, so that one stays missing until REST has told
its values. Live and replayed decisions then stand on the same numbers.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from domain.candles import COLUMN_COUNT, Candle, CandleSeries, ClosedBy
from domain.errors import InvalidDataError
from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from exchanges.kline_stream import Values

Columns = NDArray[np.float64]

_ORIGINS: Final = tuple(ClosedBy)
_AHEAD_LIMIT: Final = 512


class CandleStore:
    """A growing, gap-free series of closed candles.

    At least the depth of the timeframe's anchored window, and a quarter more, stays reachable.
    Snapshots are views of the buffer: cheap, and immutable, because the buffer is only written
    behind their end and is replaced by a new one when it is full or a candle is corrected.
    """

    def __init__(self, timeframe: Timeframe) -> None:
        depth = ANCHORED_WINDOWS[timeframe].depth
        self.timeframe = timeframe
        self.depth = depth
        self.counts: Counter[str] = Counter()
        self._kept = depth + depth // 4
        self._buffer = np.empty((COLUMN_COUNT, 0))
        self._origins = np.empty(0, dtype=np.uint8)
        self._size = 0
        self._first = 0
        self._ahead: dict[int, Values] = {}
        self._doubtful: set[int] = set()
        self._seen_open: int | None = None

    @property
    def first_index(self) -> int | None:
        """Number of the oldest candle, None without any."""
        return self._first if self._size else None

    @property
    def last_index(self) -> int | None:
        """Number of the newest candle up to which everything is in and beyond doubt."""
        if self._doubtful:
            return min(self._doubtful) - 1
        return self._first + self._size - 1 if self._size else None

    def show_forming(self, index: int) -> None:
        """The stream shows candle `index` still open."""
        if self._seen_open is None or index > self._seen_open:
            self._seen_open = index

    def close(self, index: int, values: Values) -> bool:
        """The venue declared candle `index` final; whether the series grew.

        A repetition changes nothing. A candle beyond a gap waits until REST has filled the gap. One
        that contradicts what is stored leaves both in doubt until REST has told which is right.
        Raises `InvalidDataError` for an impossible candle.
        """
        _candle(self.timeframe, index, values, ClosedBy.FINAL_FLAG)
        if self._size == 0 or index > self._end:
            self._put_ahead(index, values)
            return False
        if index < self._end:
            self._compare(index, values)
            return False
        self._append(np.array([values]).T, (ClosedBy.FINAL_FLAG,))
        self._join_ahead()
        return True

    def confirm(self, series: CandleSeries) -> None:
        """REST's word on a stretch of candles: it fills gaps and overrules what is stored.

        After an absence longer than the window's depth the series starts over. Raises
        `InvalidDataError` when the venue leaves a gap behind the newest candle.
        """
        if self._size and series.first_index > self._end:
            if len(series) < self.depth:
                raise InvalidDataError(
                    f"the venue's {self.timeframe} candles jump from number {self._end - 1} "
                    f"to {series.first_index}"
                )
            self._buffer, self._size = np.empty((COLUMN_COUNT, 0)), 0
        if self._size == 0:
            self._first = series.first_index
        told = np.asarray(series.columns)
        self._correct(series.first_index, told)
        fresh = told[:, max(0, self._end - series.first_index) :]
        self._append(fresh, [self._origin(self._end + i) for i in range(fresh.shape[1])])
        self._doubtful = {i for i in self._doubtful if i > series.last_index}
        self._settle_ahead()
        self._join_ahead()

    def missing(self, due_index: int) -> tuple[int, int] | None:
        """What REST has to tell so that candle `due_index` is in: (first number, how many)."""
        last = self.last_index
        oldest = due_index - self.depth + 1
        first = oldest if last is None else max(oldest, last + 1)
        return (first, due_index - first + 1) if first <= due_index else None

    def until(self, index: int) -> CandleSeries | None:
        """Snapshot of everything up to candle `index`, None when it is not there or in doubt."""
        if not self.holds(index):
            return None
        columns: Any = self._buffer[:, : index - self._first + 1]
        view: Any = memoryview(columns).toreadonly()  # numpy's stubs know no memoryview of floats
        return CandleSeries(self.timeframe, self._first, view)

    def holds(self, index: int) -> bool:
        """Whether candle `index` is in and beyond doubt."""
        last = self.last_index
        return last is not None and self._first <= index <= last

    def candles(self, first: int, last: int) -> list[Candle]:
        """Candles number `first` to `last` with how each was closed; all of them must be there."""
        start, stop = first - self._first, last - self._first + 1
        rows = self._buffer[:, start:stop].T.tolist()
        origins = self._origins[start:stop].tolist()
        return [
            _candle(self.timeframe, first + i, values, _ORIGINS[origin])
            for i, (values, origin) in enumerate(zip(rows, origins, strict=True))
        ]

    @property
    def _end(self) -> int:
        """Number of the candle that comes next."""
        return self._first + self._size

    def _put_ahead(self, index: int, values: Values) -> None:
        self._ahead[index] = values
        if len(self._ahead) > _AHEAD_LIMIT:
            del self._ahead[min(self._ahead)]

    def _join_ahead(self) -> None:
        while self._end in self._ahead:
            self._append(np.array([self._ahead.pop(self._end)]).T, (ClosedBy.FINAL_FLAG,))

    def _settle_ahead(self) -> None:
        """Drop waiting finals that REST has told by now, and count those it contradicts."""
        for index in [i for i in self._ahead if i < self._end]:
            values = self._ahead.pop(index)
            if index >= self._first and not _same(self._values(index), np.array(values)):
                self.counts["contradictions"] += 1

    def _compare(self, index: int, values: Values) -> None:
        if index < self._first:
            return
        if _same(self._values(index), np.array(values)):
            self.counts["duplicates"] += 1
        else:
            self.counts["contradictions"] += 1
            self._doubtful.add(index)

    def _correct(self, first: int, told: Columns) -> None:
        start = max(first, self._first)
        stop = min(first + told.shape[1], self._end)
        if start >= stop:
            return
        ours = slice(start - self._first, stop - self._first)
        theirs = told[:, start - first : stop - first]
        if not _same(self._buffer[:, ours], theirs):
            self.counts["corrections"] += 1
            self._buffer = self._buffer.copy()  # snapshots keep the old one
            self._buffer[:, ours] = theirs

    def _append(
        self,
        columns: Columns,
        origins: Sequence[ClosedBy],
    ) -> None:
        added = columns.shape[1]
        if self._size + added > self._buffer.shape[1]:
            self._grow(added)
        stop = self._size + added
        self._buffer[:, self._size : stop] = columns
        self._origins[self._size : stop] = [_ORIGINS.index(origin) for origin in origins]
        self._size = stop

    def _grow(self, added: int) -> None:
        """Move what is to be kept into a new buffer with room for a while."""
        keep = min(self._size, self._kept)
        room = keep + added + self.depth // 2
        buffer, origins = np.empty((COLUMN_COUNT, room)), np.empty(room, dtype=np.uint8)
        buffer[:, :keep] = self._buffer[:, self._size - keep : self._size]
        origins[:keep] = self._origins[self._size - keep : self._size]
        self._first += self._size - keep
        self._buffer, self._origins, self._size = buffer, origins, keep

    def _values(self, index: int) -> Columns:
        return self._buffer[:, index - self._first]

    def _origin(self, index: int) -> ClosedBy:
        """How it became known that a candle told by REST is closed."""
        overtaken = self._seen_open is not None and index < self._seen_open
        return ClosedBy.NEXT_CANDLE if overtaken and self._size else ClosedBy.REST


def _same(one: Columns, other: Columns) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def _candle(
    timeframe: Timeframe, index: int, values: Sequence[float], closed_by: ClosedBy
) -> Candle:
    """One candle; raises `InvalidDataError` for an impossible one."""
    opened, high, low, close, volume, taker_buy_volume = values
    return Candle(
        timeframe=timeframe,
        index=index,
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=volume,
        taker_buy_volume=taker_buy_volume,
        closed_by=closed_by,
    )
