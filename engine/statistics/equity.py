"""How results add up over time: the equity curve, and how far it ever fell."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate

from engine.statistics.values import EquityPoint, TradeResult


def equity_curve(results: Sequence[TradeResult]) -> tuple[EquityPoint, ...]:
    """A point for each trade, in order of their end; the curve begins at 0 before the first."""
    totals_r = accumulate(result.net_r for result in results)
    totals_percent = accumulate(result.equity_percent for result in results)
    return tuple(
        EquityPoint(at=result.ended_at, total_r=total_r, total_percent=total_percent)
        for result, total_r, total_percent in zip(results, totals_r, totals_percent, strict=True)
    )


def deepest_fall(figures: Iterable[Decimal]) -> Decimal:
    """The largest fall of their sum from an earlier high, 0 or more; the sum begins at 0."""
    peak = deepest = Decimal(0)
    for total in accumulate(figures):
        peak = max(peak, total)
        deepest = max(deepest, peak - total)
    return deepest
