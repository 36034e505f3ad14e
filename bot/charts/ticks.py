"""Round numbers for the axes: prices in steps of 1, 2 or 5, times on whole hours."""

import math
from typing import Final

from domain.timeframes import Timeframe, from_ms

_ROUND_STEPS: Final = (1, 2, 5, 10)
_HOUR_STEPS: Final = (1, 2, 3, 4, 6, 12, 24)
_HOUR_MS: Final = 3_600_000


def price_ticks(low: float, high: float, most: int) -> dict[float, str]:
    """At most about `most` round prices in [low, high], each as written: "0.0102"."""
    rough = (high - low) / most
    exponent = math.floor(math.log10(rough))
    step = next(
        factor * 10.0**exponent for factor in _ROUND_STEPS if factor * 10.0**exponent >= rough
    )
    first, last = math.ceil(low / step), math.floor(high / step)
    places = max(0, -exponent)
    return {number * step: f"{number * step:.{places}f}" for number in range(first, last + 1)}


def time_ticks(first_index: int, slots: int, timeframe: Timeframe, most: int) -> list[int]:
    """Numbers of the candles that open on a round hour, at most about `most` of them."""
    hours = slots * timeframe.milliseconds / _HOUR_MS
    step = next((step for step in _HOUR_STEPS if hours / step <= most), _HOUR_STEPS[-1])
    every = step * _HOUR_MS // timeframe.milliseconds
    start = -(-first_index // every) * every
    return list(range(start, first_index + slots, every))


def time_label(index: int, timeframe: Timeframe) -> str:
    """The open time of a candle: the hour, or the date at midnight."""
    at = from_ms(index * timeframe.milliseconds)
    return f"{at:%d %b}" if at.hour == at.minute == 0 else f"{at:%H:%M}"
