"""Where things go on the canvas: areas, price to row, candle to column."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_REACH: Final = 1.2
"""Levels may widen the price range by this share of the candles' own range on each side."""

_SMALLEST_RANGE: Final = 0.002
"""Flat candles are shown on this share of the price."""

_MARGIN: Final = 0.06
"""Free space above and below, as a share of the price range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of pixels, edges included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        """Rows between the edges."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns between the edges."""
        return self.right - self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceScale:
    """Prices to rows of an area."""

    area: Area
    low: float
    high: float

    def row(self, price: float) -> int:
        """The row of a price, clamped to the area."""
        share = (self.high - price) / (self.high - self.low)
        return round(self.area.top + min(1.0, max(0.0, share)) * self.area.height)

    def side(self, price: float) -> int:
        """+1 when a price lies above the area, -1 below it, 0 within."""
        return (price > self.high) - (price < self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """Candle numbers to columns of an area; `slots` candles fit side by side."""

    area: Area
    first_index: int
    slots: int

    @property
    def slot_width(self) -> float:
        """Columns that one candle has."""
        return self.area.width / self.slots

    def column(self, index: float) -> int:
        """The middle column of a candle; fractions lie between candles."""
        return round(self.area.left + (index - self.first_index + 0.5) * self.slot_width)


def price_scale(
    area: Area, lows: Iterable[float], highs: Iterable[float], levels: Iterable[float]
) -> PriceScale:
    """A scale on which the candles stay readable and as many levels as possible are in sight."""
    low, high = min(lows), max(highs)
    reach = max((high - low) * _REACH, high * _SMALLEST_RANGE)
    prices = list(levels)
    bottom = max(min(low, *prices), low - reach)
    top = min(max(high, *prices), high + reach)
    margin = max((top - bottom) * _MARGIN, high * _SMALLEST_RANGE / 4)
    return PriceScale(area=area, low=bottom - margin, high=top + margin)
