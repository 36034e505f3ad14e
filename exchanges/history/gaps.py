"""Which candles are missing, as spans."""

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.timeframes import Timeframe, from_ms
from exchanges.history.table import CandleTable

_YEAR_2100_MS: Final = 4_102_444_800_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Missing candles: the first opens at `start_ms`, the last closes at `end_ms`."""

    timeframe: Timeframe
    start_ms: int
    end_ms: int

    @property
    def candles(self) -> int:
        """How many are missing."""
        return (self.end_ms - self.start_ms) // self.timeframe.milliseconds

    def __str__(self) -> str:
        return f"{minute_text(self.start_ms)} to {minute_text(self.end_ms)}"


def minute_text(at_ms: int) -> str:
    """An instant as people read it: 2025-07-05 00:00; one that cannot be meant as its number."""
    if not 0 <= at_ms < _YEAR_2100_MS:
        return f"{at_ms} ms"
    return from_ms(at_ms).strftime("%Y-%m-%d %H:%M")


def gaps_inside(table: CandleTable) -> tuple[Gap, ...]:
    """Gaps between the candles of a table."""
    length = table.timeframe.milliseconds
    before = np.flatnonzero(np.diff(table.opened) > length)
    return tuple(
        Gap(
            timeframe=table.timeframe,
            start_ms=int(table.opened[place]) + length,
            end_ms=int(table.opened[place + 1]),
        )
        for place in before
    )


def gaps_within(table: CandleTable, start_ms: int, end_ms: int) -> tuple[Gap, ...]:
    """What is missing of a span whose edges lie on the timeframe's boundaries."""
    if start_ms >= end_ms:
        return ()
    inside = table.within(start_ms, end_ms)
    if not len(inside):
        return (Gap(timeframe=table.timeframe, start_ms=start_ms, end_ms=end_ms),)
    edges = ((start_ms, inside.first_ms), (inside.end_ms, end_ms))
    head, tail = (
        [Gap(timeframe=table.timeframe, start_ms=begin, end_ms=end)] if begin < end else []
        for begin, end in edges
    )
    return (*head, *gaps_inside(inside), *tail)


def gap_free_parts(table: CandleTable) -> tuple[CandleTable, ...]:
    """The stretches without a gap, oldest first."""
    cuts = np.flatnonzero(np.diff(table.opened) > table.timeframe.milliseconds) + 1
    edges = [0, *(int(cut) for cut in cuts), len(table)]
    return tuple(table.rows(begin, end) for begin, end in itertools.pairwise(edges) if begin < end)
