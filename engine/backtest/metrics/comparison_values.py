"""Two backtests side by side, as plain values, ready for JSON: what `compare` answers."""

from dataclasses import dataclass

from engine.backtest.metrics.values import Estimate, TradeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFigure:
    """One figure of both runs; `difference` is the other's minus the one's, None if one is None."""

    name: str
    unit: str
    one: float | None
    other: float | None
    difference: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTrade:
    """A trade of both runs: the same pair, the same close decided on, the same direction."""

    one: TradeRow
    other: TradeRow

    @property
    def difference_r(self) -> float:
        """Net R of the other minus that of the one."""
        return self.other.net_r - self.one.net_r


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changes from one run to the other.

    `difference_r` is the other's mean net R minus the one's, with the interval that chance leaves
    (stationary bootstrap over days). `is_paired` says that both cover the same days and were drawn
    together, which cancels what the market did to both; otherwise they were drawn apart.
    `is_beyond_chance` says whether the interval leaves out 0; None where there is no interval.
    """

    figures: tuple[ComparedFigure, ...]
    is_same_strategy: bool
    in_both: tuple[MatchedTrade, ...]
    only_in_one: tuple[TradeRow, ...]
    only_in_other: tuple[TradeRow, ...]
    difference_r: Estimate
    is_paired: bool
    is_beyond_chance: bool | None
