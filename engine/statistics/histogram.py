"""How often which result came: R in bins of one width."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from domain.instruments import to_decimal
from engine.statistics.parameters import StatisticsParameters
from engine.statistics.values import ResultBin, TradeResult


def histogram(
    results: Iterable[TradeResult], parameters: StatisticsParameters
) -> tuple[ResultBin, ...]:
    """Bins without a gap, open at both ends, each trade in one of them.

    A bin holds its upper edge, so that a result of 0 is with the losses, as everywhere. Where the
    width does not divide what lies between lowest and highest, the highest moves up.
    """
    low = to_decimal(parameters.histogram_lowest_r)
    width = to_decimal(parameters.histogram_bin_width_r)
    span = (to_decimal(parameters.histogram_highest_r) - low) / width
    inner = int(span.to_integral_value(ROUND_CEILING))
    counts = Counter(_place(result.net_r, low, width, inner) for result in results)
    edges = [None, *(low + width * step for step in range(inner + 1)), None]
    return tuple(
        ResultBin(low=edges[place], high=edges[place + 1], count=counts[place])
        for place in range(inner + 2)
    )


def _place(net_r: Decimal, low: Decimal, width: Decimal, inner: int) -> int:
    """Number of a result's bin: 0 is up to the lowest edge, `inner + 1` above the highest."""
    step = int(((net_r - low) / width).to_integral_value(ROUND_CEILING))
    return min(max(step, 0), inner + 1)
