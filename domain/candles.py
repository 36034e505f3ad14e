"""Candles: one, and a gap-free series of closed ones."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.errors import InvalidDataError
from domain.timeframes import Timeframe, from_ms

OPEN: Final = 0
HIGH: Final = 1
LOW: Final = 2
CLOSE: Final = 3
VOLUME: Final = 4
TAKER_BUY_VOLUME: Final = 5
COLUMN_COUNT: Final = 6


class ClosedBy(StrEnum):
    """How it became known that a candle is closed."""

    FINAL_FLAG = "final flag"
    NEXT_CANDLE = "next candle"
    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One closed candle. Prices in quote currency, volumes in base units.

    `taker_buy_volume` is NaN where the source does not tell it. An impossible candle cannot be
    built.
    """

    timeframe: Timeframe
    index: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    taker_buy_volume: float = float("nan")
    closed_by: ClosedBy = ClosedBy.REST

    def __post_init__(self) -> None:
        # A number that is none fails every comparison.
        is_possible = 0 < self.low <= self.open <= self.high < math.inf
        if not (is_possible and self.low <= self.close <= self.high):
            raise InvalidDataError(
                f"impossible {self.timeframe} candle at {self.opened_at.isoformat()}: "
                f"open {self.open} high {self.high} low {self.low} close {self.close}"
            )
        if not 0 <= self.volume < math.inf:
            raise InvalidDataError(
                f"impossible volume {self.volume} at {self.opened_at.isoformat()}"
            )

    @property
    def opened_at(self) -> datetime:
        """Open time."""
        return from_ms(self.index * self.timeframe.milliseconds)

    @property
    def closed_at(self) -> datetime:
        """Boundary at which the candle is over (the next candle's open time)."""
        return from_ms((self.index + 1) * self.timeframe.milliseconds)

    @property
    def values(self) -> tuple[float, float, float, float, float, float]:
        """The columns in the order of a series."""
        return (self.open, self.high, self.low, self.close, self.volume, self.taker_buy_volume)


@dataclass(frozen=True, slots=True, eq=False)
class CandleSeries:
    """Closed candles of one pair and timeframe, without a gap, oldest first.

    `columns` is a read-only memoryview of float64, shape (6, n), rows in the order of the
    constants above; each row is contiguous, so `numpy.asarray(series.columns)` copies nothing.
    `first_index` is the number of the first candle (open time / length). The forming candle is
    never in it.
    """

    timeframe: Timeframe
    first_index: int
    columns: "memoryview[float]"

    def __post_init__(self) -> None:
        if self.columns.format != "d" or self.columns.ndim != 2:
            raise InvalidDataError("candle columns must be a two-dimensional view of float64")
        if self.columns.shape is None or self.columns.shape[0] != COLUMN_COUNT:
            raise InvalidDataError(f"candle columns must have {COLUMN_COUNT} rows")

    @classmethod
    def of(cls, candles: Sequence[Candle]) -> "CandleSeries":
        """Build from single candles; they must follow each other without a gap."""
        if not candles:
            raise InvalidDataError("a candle series needs at least one candle")
        first = candles[0]
        for position, candle in enumerate(candles):
            if candle.timeframe is not first.timeframe or candle.index != first.index + position:
                raise InvalidDataError(
                    f"gap or wrong order in {first.timeframe} candles "
                    f"at {candle.opened_at.isoformat()}"
                )
        flat = array(
            "d",
            (
                value
                for column in zip(*(c.values for c in candles), strict=True)
                for value in column
            ),
        )
        shape = (COLUMN_COUNT, len(candles))
        return cls(
            first.timeframe, first.index, memoryview(flat).cast("B").cast("d", shape).toreadonly()
        )

    def __len__(self) -> int:
        return self.columns.shape[1] if self.columns.shape is not None else 0

    @property
    def last_index(self) -> int:
        """Number of the newest candle."""
        return self.first_index + len(self) - 1

    @property
    def closed_at(self) -> datetime:
        """Boundary at which the newest candle closed."""
        return from_ms((self.last_index + 1) * self.timeframe.milliseconds)

    def value(self, column: int, position: int) -> float:
        """One number; `position` counts from 0, negative from the end."""
        return float(self.columns[column, position % len(self)])

    def candle(self, position: int) -> Candle:
        """One candle; `position` counts from 0, negative from the end."""
        at = position % len(self)
        return Candle(
            timeframe=self.timeframe,
            index=self.first_index + at,
            open=self.columns[OPEN, at],
            high=self.columns[HIGH, at],
            low=self.columns[LOW, at],
            close=self.columns[CLOSE, at],
            volume=self.columns[VOLUME, at],
            taker_buy_volume=self.columns[TAKER_BUY_VOLUME, at],
        )
