"""Piecewise-linear shapes: how a number becomes a strength, and strengths become bullishness.

Elementwise on arrays of any shape; NaN stays NaN. Sums run in a fixed order, so that one row and
many give the same bits.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from domain.directions import NEUTRAL

Floats = NDArray[np.float64]


def ramp(values: Floats, start: float | Floats, end: float | Floats) -> Floats:
    """0 up to `start`, 1 from `end` on, a straight line between; `start` may lie above `end`."""
    return unit_interval((values - start) / (end - start))


def unit_interval(values: Floats) -> Floats:
    """Clip to [0, 1]."""
    clipped: Floats = np.maximum(values, 0.0)
    return np.minimum(clipped, 1.0, out=clipped)


def signed_unit(values: Floats) -> Floats:
    """Clip to [-1, 1]."""
    clipped = np.maximum(values, -1.0)
    return np.minimum(clipped, 1.0, out=clipped)


def total(values: Iterable[Floats]) -> Floats:
    """Sum along the first axis, one after the other."""
    summed: Floats = reduce(np.add, values)
    return summed


def by_trend(trend: Floats, *, down: float, flat: float, up: float) -> Floats:
    """Distance from neutral of an anchor that depends on the trend in [-1, 1].

    The three numbers are the bullishness in a clear downtrend, without a trend and in a clear
    uptrend. With `-trend` it is the distance on the bearish side. In a trend that is not known
    (NaN) it is the least that any trend would give.
    """
    rising, falling = np.maximum(trend, 0.0), np.maximum(-trend, 0.0)
    known = (flat - NEUTRAL) + (up - flat) * rising + (down - flat) * falling
    lowest, highest = min(down, flat, up) - NEUTRAL, max(down, flat, up) - NEUTRAL
    return np.where(np.isnan(trend), min(max(lowest, 0.0), highest), known)


def fresh_cross(gaps: Sequence[Floats] | Floats, full: float | Floats) -> Floats:
    """How surely a line just crossed another, in [-1, 1]: +1 from below, -1 from above.

    `gaps` is line minus other, newest first: now on one side, in one of the candles before on the
    other. Certain when both gaps are `full`.
    """
    now, before = gaps[0], gaps[1:]
    upward = np.minimum(now, -reduce(np.minimum, before))
    downward = np.minimum(-now, reduce(np.maximum, before))
    return unit_interval(upward / full) - unit_interval(downward / full)


def lifted(distance: Floats, anchor: float, strength: Floats) -> Floats:
    """Raise a distance from neutral towards an anchor by a strength in [-1, 1].

    A positive strength lifts up to the anchor, a negative one lowers down to its mirror; what is
    already beyond stays.
    """
    target = anchor - NEUTRAL
    rise: Floats = np.maximum(target - distance, 0.0) * np.maximum(strength, 0.0)
    fall: Floats = np.maximum(distance + target, 0.0) * np.maximum(-strength, 0.0)
    return distance + rise - fall
