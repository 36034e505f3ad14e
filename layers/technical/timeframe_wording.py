"""The other timeframes of one row in words."""

import math
from collections.abc import Sequence
from typing import Final

from domain.directions import NEUTRAL
from domain.evidence import Evidence

_TIMEFRAMES: Final = ("1h", "5m", "1m")
_SLIGHT: Final = 0.2


def timeframe_evidence(others: Sequence[float], multiplier: float) -> Evidence:
    """Where 1h, 5m and 1m point, and the multiplier they make; of weight 0.

    The bullishness is their mean, those that are not known counting as neutral.
    """
    readings = ", ".join(
        f"{timeframe} {_way(trend)}" for timeframe, trend in zip(_TIMEFRAMES, others, strict=True)
    )
    mean = sum(trend for trend in others if not math.isnan(trend)) / len(_TIMEFRAMES)
    return Evidence(
        "timeframes",
        multiplier,
        NEUTRAL + NEUTRAL * mean,
        0.0,
        f"{readings}: strength x{multiplier:.1f}",
    )


def _way(trend: float) -> str:
    if math.isnan(trend):
        return "not known"
    if abs(trend) < _SLIGHT:
        return "flat"
    return "up" if trend > 0 else "down"
