"""Round numbers for the axes: prices in steps of 1, 2 or 5, times on whole hours."""

import math
from datetime import datetime
from typing import Final

from domain.timeframes import Timeframe, from_ms

_ROUND_STEPS: Final = (1, 2, 5, 10)
_HOUR_STEPS: Final = (1, 2, 3, 4, 6, 12, 24)
_SPAN_STEPS: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720, 1440, 2160)
"""Hours between the times of a long span: up to a quarter of a year."""

_LONG_HOURS: Final = 300 * 24
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


def instant_ticks(start_ms: int, end_ms: int, most: int) -> list[datetime]:
    """Round hours, midnights or every so many days in [start, end], at most about `most`."""
    hours = (end_ms - start_ms) / _HOUR_MS
    step = next((step for step in _SPAN_STEPS if hours / step <= most), math.ceil(hours / most))
    every = step * _HOUR_MS
    first = -(-start_ms // every) * every
    return [from_ms(at) for at in range(first, end_ms + 1, every)]


def instant_label(at: datetime, span_ms: int) -> str:
    """The hour within a few days, the date within a year, else the month."""
    if span_ms > _LONG_HOURS * _HOUR_MS:
        return f"{at:%b %Y}"
    return f"{at:%d %b}" if at.hour == at.minute == 0 else f"{at:%H:%M}"
