"""Timeframes, candle boundaries, and the anchored windows that indicators are computed on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.errors import InvalidDataError

_MINUTES: Final = {"1m": 1, "5m": 5, "15m": 15, "1h": 60}


class Timeframe(StrEnum):
    """Candle length, named as the venues name it.

    `milliseconds` and `length` are those of one candle.
    """

    M1 = "1m"
    M5 = "5m"
    M15 = "15m"
    H1 = "1h"

    def __init__(self, name: str) -> None:
        """Lengths are looked up at every candle, so they lie ready."""
        self.milliseconds = _MINUTES[name] * 60_000
        self.length = timedelta(minutes=_MINUTES[name])

    def index_of(self, at_ms: int) -> int:
        """Number of the candle that contains an instant: open time / length since the epoch."""
        return at_ms // self.milliseconds

    def last_closed_index(self, at_ms: int) -> int:
        """Number of the newest candle that is closed at an instant."""
        return at_ms // self.milliseconds - 1

    def previous_boundary(self, at: datetime) -> datetime:
        """The newest candle boundary at or before an instant."""
        return from_ms(to_ms(at) // self.milliseconds * self.milliseconds)

    def next_boundary(self, at: datetime) -> datetime:
        """The first candle boundary after an instant."""
        return self.previous_boundary(at) + self.length


@dataclass(frozen=True, slots=True)
class AnchoredWindow:
    """Which candles an indicator value is computed from, as a function of the candle alone.

    Recursive indicators depend on where their window starts. Candle number `k` is computed on the
    window that starts at `floor(k / block) * block - warmup`, so that live, after a restart, in a
    backtest and in a replay the bits are the same, whatever was loaded when.
    """

    block: int
    warmup: int

    def start_of(self, index: int) -> int:
        """Number of the first candle of the window of candle `index`."""
        return index // self.block * self.block - self.warmup

    @property
    def depth(self) -> int:
        """How many closed candles hold the window of any candle."""
        return self.block + self.warmup


ANCHORED_WINDOWS: dict[Timeframe, AnchoredWindow] = {
    Timeframe.M15: AnchoredWindow(block=500, warmup=1000),
    Timeframe.H1: AnchoredWindow(block=100, warmup=300),
    Timeframe.M5: AnchoredWindow(block=100, warmup=300),
    Timeframe.M1: AnchoredWindow(block=120, warmup=120),
}
"""15m carries EMA 200, which has converged to 4e-5 of price after 1,000 candles; 1h and 5m carry
EMA 50 (7e-6 after 300); 1m carries short momentum only."""


def to_ms(at: datetime) -> int:
    """Unix milliseconds of an aware instant."""
    if at.tzinfo is None:
        raise InvalidDataError(f"{at!r} has no time zone; Quorum's instants are aware UTC")
    return round((at - _EPOCH) / _MILLISECOND)


def from_ms(milliseconds: int) -> datetime:
    """Aware UTC instant of Unix milliseconds."""
    return _EPOCH + milliseconds * _MILLISECOND


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
