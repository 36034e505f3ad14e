"""A straight line through what was measured over time, and how sure its slope is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_FEWEST_BLOCKS = 4
_NORMAL_975 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """Change per hour of wall time, with the ends of its 95 % confidence interval."""

    per_hour: float
    low: float
    high: float
    blocks: int

    def times(self, factor: float) -> "Slope":
        """The same in another unit."""
        return Slope(
            per_hour=self.per_hour * factor,
            low=self.low * factor,
            high=self.high * factor,
            blocks=self.blocks,
        )


def fit_slope(
    seconds: Sequence[float], values: Sequence[float], *, block_seconds: float
) -> Slope | None:
    """Least squares over the means of blocks of time; None with fewer than four blocks.

    Neighbouring samples of a process resemble each other, which would make the interval of a fit
    over all of them far too narrow; means over blocks of minutes hardly do.
    """
    blocks = _block_means(seconds, values, block_seconds)
    if len(blocks) < _FEWEST_BLOCKS:
        return None
    hours, means = np.array(blocks).T / np.array([[3600.0], [1.0]])
    centred = hours - hours.mean()
    spread = float(centred @ centred)
    slope = float(centred @ means) / spread
    residuals = means - means.mean() - slope * centred
    freedom = len(blocks) - 2
    error = math.sqrt(float(residuals @ residuals) / freedom / spread)
    margin = _student_975(freedom) * error
    return Slope(per_hour=slope, low=slope - margin, high=slope + margin, blocks=len(blocks))


def _block_means(
    seconds: Sequence[float], values: Sequence[float], block_seconds: float
) -> list[tuple[float, float]]:
    blocks: dict[int, list[tuple[float, float]]] = {}
    for at, value in zip(seconds, values, strict=True):
        blocks.setdefault(int(at // block_seconds), []).append((at, value))
    means = (np.mean(members, axis=0) for members in blocks.values())
    return [(float(at), float(value)) for at, value in means]


def _student_975(freedom: int) -> float:
    """Quantile of Student's t (Abramowitz and Stegun 26.7.5)."""
    z = _NORMAL_975
    first = (z**3 + z) / (4 * freedom)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    return z + first + second + third
