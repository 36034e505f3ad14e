"""Minute bars on the venue's grids: the one store that everything else is derived from."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.errors import InvalidDataError

OPEN: Final = 0
HIGH: Final = 1
LOW: Final = 2
CLOSE: Final = 3
VOLUME: Final = 4
TAKER_BUY: Final = 5
MINUTE_MS: Final = 60_000

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MinuteBars:
    """Consecutive 1-minute bars without a gap.

    `columns` has shape (6, n), rows in the order of the constants above: prices in whole ticks,
    volumes in whole quantity steps. `first_minute` is open time / 60,000 of the first bar.
    """

    first_minute: int
    columns: Whole

    def __post_init__(self) -> None:
        if self.columns.ndim != 2 or self.columns.shape[0] != 6 or not len(self):
            raise InvalidDataError("minute bars need six columns and at least one bar")
        low, high = self.columns[LOW], self.columns[HIGH]
        body = self.columns[[OPEN, CLOSE]]
        if (low < 1).any() or (body.min(axis=0) < low).any() or (body.max(axis=0) > high).any():
            raise InvalidDataError("a minute bar has its open or close outside low and high")
        volume, taker_buy = self.columns[VOLUME], self.columns[TAKER_BUY]
        if (taker_buy < 0).any() or (taker_buy > volume).any():
            raise InvalidDataError("a minute bar has taker buys outside zero and its volume")

    def __len__(self) -> int:
        return int(self.columns.shape[1])

    @property
    def end_minute(self) -> int:
        """The minute after the last bar."""
        return self.first_minute + len(self)

    @property
    def start_ms(self) -> int:
        """Open time of the first bar."""
        return self.first_minute * MINUTE_MS

    @property
    def end_ms(self) -> int:
        """Close boundary of the last bar."""
        return self.end_minute * MINUTE_MS

    def position(self, minute: int) -> int:
        """Place of a minute in the columns, clamped to the first and the last bar."""
        return min(max(minute - self.first_minute, 0), len(self) - 1)
