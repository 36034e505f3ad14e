"""Draws series of days anew, in blocks, so that days which belong together stay together.

Stationary bootstrap: D. N. Politis, J. P. Romano, "The Stationary Bootstrap", Journal of the
American Statistical Association 89 (1994).
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.backtest.metrics.daily_totals import DailyTotals, Floats
from engine.backtest.metrics.parameters import ReportParameters
from engine.backtest.metrics.values import Estimate
from engine.statistics.values import FEW_DAYS

Draws = npt.NDArray[np.intp]
"""Numbers of days, one series of them a row."""


class Generator(Protocol):
    """What days are drawn with: one of numpy's, seeded by the caller.

    Not named here, for numpy loads all its random numbers with it, which a bot never draws.
    """

    def random(self, size: tuple[int, int], /) -> Floats:
        """Evenly spread over 0 to 1."""

    def integers(self, high: int, /, *, size: tuple[int, int]) -> Draws:
        """Evenly spread below `high`."""


_LEAST_BLOCKS = 2
"""A shorter period would be drawn as itself over and over, and seem certain."""


def can_draw(totals: DailyTotals, parameters: ReportParameters) -> bool:
    """Whether days differ enough to tell what chance does: two blocks, 20 days with trades.

    Draws of fewer days repeat the same few results, and their interval is far too narrow.
    """
    least = _LEAST_BLOCKS * parameters.bootstrap_block_days
    return totals.days >= least and totals.traded_days >= FEW_DAYS


def draw_days(days: int, parameters: ReportParameters, generator: Generator) -> Draws:
    """Series of `days` days: blocks of random begin and geometric length, round past the last day.

    The shape is (draws, days).
    """
    shape = (parameters.bootstrap_draws, days)
    begins = generator.random(shape) < 1.0 / parameters.bootstrap_block_days
    begins[:, 0] = True
    positions = np.arange(days)
    begun_at = np.maximum.accumulate(np.where(begins, positions, 0), axis=1)
    first_days = np.take_along_axis(generator.integers(days, size=shape), begun_at, axis=1)
    drawn: Draws = (first_days + positions - begun_at) % days
    return drawn


def interval(value: float | None, drawn: Floats, parameters: ReportParameters) -> Estimate:
    """Percentile interval of a figure; draws in which it cannot be computed (NaN) are left out.

    An infinite end lies open. Without a value there is no interval.
    """
    known = drawn[~np.isnan(drawn)]
    if value is None or not known.size:
        return Estimate(value=value, low=None, high=None)
    outside = (1.0 - parameters.confidence_percent / 100.0) / 2.0
    # Infinite figures cannot be interpolated, so the ends are draws themselves.
    low, high = np.quantile(known, (outside, 1.0 - outside), method="inverted_cdf").tolist()
    return Estimate(value=value, low=_finite(low), high=_finite(high))


def _finite(figure: float) -> float | None:
    return figure if np.isfinite(figure) else None
