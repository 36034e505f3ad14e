"""From values to places on a drawing, with round numbers for the axes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_ROUND_STEPS: Final = (1, 2, 5, 10)
_HOUR_STEPS: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336)
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_MARGIN: Final = 0.05
"""Free space beyond the outermost values, as a share of their range."""

_NOISE: Final = 1e-9
"""What sums of decimals leave instead of 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Values in [low, high], low < high, onto places from `start` (of low) to `end` (of high)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value; what lies outside is put on the edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def range_of(values: Iterable[float]) -> tuple[float, float]:
    """The range that holds the values and 0, a little wider; (-1, 1) where all of them are 0."""
    held = [0.0, *values]
    low, high = min(held), max(held)
    if high - low < _NOISE:
        return -1.0, 1.0
    margin = (high - low) * _MARGIN
    return (low - margin if low < 0 else 0.0), (high + margin if high > 0 else 0.0)


def round_ticks(low: float, high: float, most: int, *, is_whole: bool = False) -> dict[float, str]:
    """At most about `most` round values in [low, high], each as it is written: "−0.5".

    `is_whole` leaves no steps below 1.
    """
    rough = max((high - low) / most, 1.0 if is_whole else 0.0)
    exponent = math.floor(math.log10(rough))
    step = next(
        factor * 10.0**exponent for factor in _ROUND_STEPS if factor * 10.0**exponent >= rough
    )
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return {
        number * step: f"{number * step + 0.0:.{places}f}".replace("-", "−")
        for number in range(first, last + 1)
    }


def time_ticks(start: datetime, end: datetime, most: int) -> dict[datetime, str]:
    """Round hours, days or months in [start, end], at most about `most`, each as written."""
    hours = (end - start) / timedelta(hours=1)
    step = next((step for step in _HOUR_STEPS if hours / step <= most), None)
    if step is None:
        return _months(start, end, most)
    every = step * 3600
    first = math.ceil(start.timestamp() / every) * every
    instants = range(first, math.floor(end.timestamp()) + 1, every)
    return {(at := datetime.fromtimestamp(each, UTC)): _hour_or_day(at) for each in instants}


def _months(start: datetime, end: datetime, most: int) -> dict[datetime, str]:
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    step = next((step for step in _MONTH_STEPS if (last - first) / step <= most), _MONTH_STEPS[-1])
    numbers = range(-(-first // step) * step, last + 1, step)
    instants = (datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in numbers)
    return {at: f"{at:%b %Y}" for at in instants if start <= at <= end}


def _hour_or_day(at: datetime) -> str:
    return f"{at:%d %b}" if at.hour == 0 else f"{at:%H:%M}"
