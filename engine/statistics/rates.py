"""Shares with an honest width: how much a small number of trades can tell at all."""

import math
from typing import Final

from engine.statistics.values import Rate

_Z: Final = 1.959963984540054
"""Quantile of the standard normal distribution that leaves 2.5 % on either side."""


def rate(count: int, of: int) -> Rate:
    """A share with Wilson's 95 % interval, which never leaves 0 to 100 % and contains the share."""
    if of == 0:
        return Rate(count=count, of=of, low_percent=None, high_percent=None)
    share = count / of
    scale = 1 + _Z**2 / of
    centre = (share + _Z**2 / (2 * of)) / scale
    margin = _Z / scale * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    # At 0 and at 1 the interval ends at the share itself; rounding must not move it past that.
    low, high = min(share, max(0.0, centre - margin)), max(share, min(1.0, centre + margin))
    return Rate(count=count, of=of, low_percent=low * 100.0, high_percent=high * 100.0)
