"""What a backtest shows, in a sentence: the first thing that a reader of a report reads."""

from dataclasses import dataclass
from enum import StrEnum

from engine.backtest.metrics.values import BacktestReport, Estimate
from engine.statistics.values import FEW, FEW_DAYS
from research.reports.wording import counted, interval, signed_r


class Finding(StrEnum):
    """What can be said of the expectancy, in the words that a report begins with."""

    NO_TRADES = "No trade"
    TOO_FEW = "Too few trades"
    TOO_FEW_DAYS = "Too few days"
    LOSS = "A loss is shown"
    NO_EDGE = "No edge shown"
    EDGE = "An edge is shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The finding and why."""

    finding: Finding
    reason: str

    @property
    def sentence(self) -> str:
        """Both: "No edge shown: the interval of the expectancy covers 0"."""
        return f"{self.finding}: {self.reason}"


def verdict_of(report: BacktestReport) -> Verdict:
    """What a run shows."""
    drawn = report.intervals
    return verdict_by(
        report.figures.trades,
        len({trade.ended_at.date() for trade in report.trades}),
        drawn.expectancy_r,
        drawn.confidence_percent,
    )


def verdict_by(trades: int, days: int, expectancy: Estimate, confidence: float) -> Verdict:
    """By the interval of the expectancy alone: a mean without one proves nothing.

    `days` are those with trades: an interval that rests on few of them proves nothing either.
    """
    if trades == 0:
        return Verdict(
            finding=Finding.NO_TRADES,
            reason="no signal was entered and ended, so nothing can be said.",
        )
    if trades < FEW:
        return Verdict(
            finding=Finding.TOO_FEW,
            reason=f"{counted(trades, 'trade')} ended, under {FEW} nothing can be judged.",
        )
    if days < FEW_DAYS:
        return Verdict(
            finding=Finding.TOO_FEW_DAYS,
            reason=f"{counted(trades, 'trade')} fall on {counted(days, 'day')}; under {FEW_DAYS} "
            "nothing can be judged, for trades of one day are much alike.",
        )
    return _by_interval(expectancy, confidence)


def _by_interval(expectancy: Estimate, confidence: float) -> Verdict:
    if expectancy.low is None or expectancy.high is None:
        return Verdict(
            finding=Finding.NO_EDGE, reason="the expectancy has no interval: too few days."
        )
    words = f"the {confidence:g}% interval of the expectancy"
    ends = interval(expectancy, signed_r)
    if expectancy.low > 0:
        return Verdict(
            finding=Finding.EDGE, reason=f"{words} ({ends}) lies above 0, on these candles."
        )
    if expectancy.high < 0:
        return Verdict(finding=Finding.LOSS, reason=f"{words} ({ends}) lies below 0.")
    return Verdict(finding=Finding.NO_EDGE, reason=f"{words} ({ends}) covers 0.")
