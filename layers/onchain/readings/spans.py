"""Lengths of time in the milliseconds that everything on chains is read in."""

from typing import Final

from domain.timeframes import Timeframe

MINUTE_MS: Final = Timeframe.M1.milliseconds
HOUR_MS: Final = Timeframe.H1.milliseconds
DAY_MS: Final = 24 * HOUR_MS


def milliseconds(minutes: float) -> int:
    """Minutes, as they are declared, in milliseconds."""
    return round(minutes * MINUTE_MS)
