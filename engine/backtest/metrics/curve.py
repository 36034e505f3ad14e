"""How results added up over time, and how far they stood below an earlier high."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate

from engine.backtest.metrics.growth import growth
from engine.backtest.metrics.values import CurvePoint
from engine.statistics import equity_curve
from engine.statistics.values import EquityPoint, TradeResult


def curve_of(results: Sequence[TradeResult], start: datetime) -> tuple[CurvePoint, ...]:
    """A point for the start and one for each trade, in order of their end."""
    origin = EquityPoint(at=start, total_r=Decimal(0), total_percent=Decimal(0))
    points = (origin, *equity_curve(results))
    highs_r = accumulate((point.total_r for point in points), max)
    highs_percent = accumulate((point.total_percent for point in points), max)
    compounded = growth(float(result.equity_percent) for result in results)
    return tuple(
        CurvePoint(
            at=point.at,
            total_r=float(point.total_r),
            total_percent=float(point.total_percent),
            compounded_percent=reinvested,
            drawdown_r=float(high_r - point.total_r),
            drawdown_percent=float(high_percent - point.total_percent),
        )
        for point, reinvested, high_r, high_percent in zip(
            points, compounded, highs_r, highs_percent, strict=True
        )
    )
