"""Direction, bullishness and support: the one place that turns the first into the last.

Bullishness is a number in [0, 100]: 50 says nothing, 100 is as bullish as it gets, 0 its mirror.
Support is bullishness seen from a direction, so that everything downstream compares like with like.
"""

from enum import StrEnum

NEUTRAL = 50.0
"""Bullishness and support of something that says nothing."""


class Direction(StrEnum):
    """Which way a trade earns."""

    LONG = "long"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """+1 for a long, -1 for a short."""
        return 1 if self is Direction.LONG else -1

    @property
    def opposite(self) -> "Direction":
        """The mirrored direction."""
        return Direction.SHORT if self is Direction.LONG else Direction.LONG

    def support(self, bullishness: float) -> float:
        """Support in [0, 100] that a bullishness gives to this direction."""
        return bullishness if self is Direction.LONG else 100.0 - bullishness


def scale_from_neutral(bullishness: float, multiplier: float) -> float:
    """Multiply the distance from neutral and clamp to [0, 100]: `50 + (b - 50) * m`.

    Works alike for longs and shorts (design 4.2).
    """
    return min(100.0, max(0.0, NEUTRAL + (bullishness - NEUTRAL) * multiplier))
