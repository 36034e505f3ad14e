"""Piecewise-linear shapes of single numbers. NaN stays NaN, so that it can be told at the end."""

from collections.abc import Sequence
from itertools import pairwise

from domain.directions import NEUTRAL

Anchor = tuple[float, float]
"""A reading and the bullishness it stands for."""


def clip(value: float, low: float, high: float) -> float:
    """The value, or the nearer end of the range."""
    # Comparisons leave NaN as it is, and cost a third of what `min` and `max` do.
    return low if value < low else min(value, high)


def signed_unit(value: float) -> float:
    """Clip to [-1, 1]."""
    return clip(value, -1.0, 1.0)


def ramp(value: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end` on, a straight line between; `start` may lie above `end`.

    A step where both are the same.
    """
    if start == end:
        return 1.0 if value >= end else 0.0
    return clip((value - start) / (end - start), 0.0, 1.0)


def distance_of_share(share: float, anchors: Sequence[Anchor]) -> float:
    """Distance from neutral that buyers' share of a whole stands for; sellers' share mirrors it.

    `anchors` rise from the share that still says nothing, above one half, to the one that says
    most; lines join them.
    """
    stronger = max(share, 1.0 - share)
    distance = _through(stronger, anchors) - NEUTRAL
    return distance if share >= 1.0 - share else -distance


def confirmed(distance: float, agreement: float, say: float) -> float:
    """A distance made longer by what agrees with it and shorter by what does not.

    `agreement` in [-1, 1] is signed like bullishness, `say` the part of the distance it moves.
    """
    return distance + say * abs(distance) * agreement


def _through(value: float, anchors: Sequence[Anchor]) -> float:
    place = clip(value, anchors[0][0], anchors[-1][0])
    stretches = (each for each in pairwise(anchors) if not place > each[1][0])
    (left, low), (right, high) = next(stretches)
    return low + (high - low) * (place - left) / (right - left)
