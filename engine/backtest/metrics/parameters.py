"""How uncertainty of a backtest's figures is estimated."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportParameters(Parameters):
    """The bootstrap behind the intervals of a report."""

    bootstrap_draws: int = parameter(
        2000,
        doc="series of days drawn for the confidence intervals",
        unit="draws",
        source="B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), 13.3: "
        "1,000 or more for percentile intervals",
        low=100,
        high=10_000,
    )
    bootstrap_block_days: float = parameter(
        5.0,
        doc="mean length of the blocks of days that are drawn together",
        unit="days",
        source="Politis and Romano (1994): in the order of the cube root of the number of days",
        low=1,
        high=60,
    )
    confidence_percent: float = parameter(
        95.0,
        doc="share of the draws that an interval holds",
        unit="percent",
        source="own choice: the same as for the win rate's own interval",
        low=50,
        high=99.9,
    )
