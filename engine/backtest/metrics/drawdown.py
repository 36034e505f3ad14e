"""The deepest fall of a curve: how deep, from when to when, and how long falls lasted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from engine.backtest.metrics.period import DAY, Period
from engine.backtest.metrics.values import CurvePoint, Drawdown


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fall:
    """The points below a high; `recovered_at` is None where it was not reached again."""

    began_at: datetime
    below: tuple[CurvePoint, ...]
    recovered_at: datetime | None

    @property
    def lowest(self) -> CurvePoint:
        return max(self.below, key=lambda point: point.drawdown_percent)

    def days(self, period: Period) -> float:
        return ((self.recovered_at or period.end) - self.began_at) / DAY


def drawdown_of(curve: Sequence[CurvePoint], period: Period) -> Drawdown | None:
    """The deepest fall of a curve in percent; None without a trade."""
    if len(curve) < 2:
        return None
    falls = tuple(_falls(curve))
    deepest = max(falls, key=lambda fall: fall.lowest.drawdown_percent, default=None)
    return Drawdown(
        percent=0.0 if deepest is None else deepest.lowest.drawdown_percent,
        r=max(point.drawdown_r for point in curve),
        compounded_percent=_compounded_percent(curve),
        began_at=None if deepest is None else deepest.began_at,
        lowest_at=None if deepest is None else deepest.lowest.at,
        recovered_at=None if deepest is None else deepest.recovered_at,
        days=0.0 if deepest is None else deepest.days(period),
        longest_days=max((fall.days(period) for fall in falls), default=0.0),
    )


def _falls(curve: Sequence[CurvePoint]) -> Iterator[_Fall]:
    below: list[CurvePoint] = []
    high = curve[0]
    for point in curve:
        if point.drawdown_percent > 0:
            below.append(point)
            continue
        if below:
            yield _Fall(began_at=high.at, below=tuple(below), recovered_at=point.at)
            below.clear()
        high = point
    if below:
        yield _Fall(began_at=high.at, below=tuple(below), recovered_at=None)


def _compounded_percent(curve: Sequence[CurvePoint]) -> float:
    equity = [100.0 + point.compounded_percent for point in curve]
    highs = accumulate(equity, max)
    return max((high - now) / high * 100.0 for high, now in zip(highs, equity, strict=True))
