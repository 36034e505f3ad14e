"""How often which net result came, in the bins that the track record's own histogram has."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.backtest.metrics.values import TradeRow
from engine.statistics.parameters import StatisticsParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultBin:
    """Trades with a net R above `low` and up to `high`; None where the bin has no end."""

    low: float | None
    high: float | None
    count: int

    @property
    def label(self) -> str:
        """What it holds: "up to −2.5R", "0 to 0.5R", "above 4.5R"."""
        if self.low is None:
            return f"up to {self.high:g}R".replace("-", "−")
        if self.high is None:
            return f"above {self.low:g}R".replace("-", "−")
        return f"{self.low:g} to {self.high:g}R".replace("-", "−")


def distribution(
    trades: Iterable[TradeRow], parameters: StatisticsParameters
) -> tuple[ResultBin, ...]:
    """Bins without a gap, each with its upper edge: a result of 0 is with the losses."""
    low, width = parameters.histogram_lowest_r, parameters.histogram_bin_width_r
    inner = math.ceil((parameters.histogram_highest_r - low) / width)
    counts = Counter(
        min(max(math.ceil((trade.net_r - low) / width), 0), inner + 1) for trade in trades
    )
    edges = [None, *(low + width * step for step in range(inner + 1)), None]
    return tuple(
        ResultBin(low=edges[place], high=edges[place + 1], count=counts[place])
        for place in range(inner + 2)
    )
