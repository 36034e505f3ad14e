"""How far summed results fell below an earlier high: when, how deep, and whether it is over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from engine.statistics.values import EquityPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """From a high to the lowest point after it; `depth_r` is above 0, `now_r` what is left of it.

    `high_at` is None where the high is the beginning, before the first trade. `recovered_at` is
    when the sum was back at the high, None while it is not.
    """

    depth_r: Decimal
    now_r: Decimal
    high_at: datetime | None
    low_at: datetime
    recovered_at: datetime | None = None


def find_falls(points: Iterable[EquityPoint]) -> Iterator[Fall]:
    """Every fall of the sum in R below its highest point so far, in order; it begins at 0."""
    high, high_at, fall = Decimal(0), None, None
    for point in points:
        if point.total_r < high:
            fall = _deepened(fall, point, high - point.total_r, high_at)
            continue
        if fall is not None:
            yield replace(fall, now_r=Decimal(0), recovered_at=point.at)
        high, high_at, fall = point.total_r, point.at, None
    if fall is not None:
        yield fall


def _deepened(
    fall: Fall | None, point: EquityPoint, depth: Decimal, high_at: datetime | None
) -> Fall:
    if fall is None or depth > fall.depth_r:
        return Fall(depth_r=depth, now_r=depth, high_at=high_at, low_at=point.at)
    return replace(fall, now_r=depth)
