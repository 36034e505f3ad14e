"""Breaker: a pair gone wild. Released when its range is back near its own mean."""

import math
from dataclasses import dataclass

from domain.decisions import Decision
from domain.parameters import Parameters, parameter
from domain.plans import Denial
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtremeVolatilityParameters(Parameters):
    """How wild is too wild."""

    maximum_atr_ratio: float = parameter(
        3.0,
        doc="most that ATR may be of its own 20-candle mean",
        unit="ratio",
        source="design 4.6",
        low=1,
        high=100,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtremeVolatility:
    """Blocks a pair whose ATR is far above its own mean, or not known."""

    parameters: ExtremeVolatilityParameters
    name: str = "extreme_volatility"
    covers_all_pairs: bool = False

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:  # noqa: ARG002 - about one pair alone
        """Trips above the limit, and where the ratio is unknown."""
        ratio = candidate.atr_ratio
        if ratio is None or not math.isfinite(ratio):
            return Denial(rule=self.name, text="volatility against its own mean is unknown")
        if ratio <= self.parameters.maximum_atr_ratio:
            return None
        text = (
            f"extreme volatility: ATR is {ratio:.2f} times its mean, "
            f"{self.parameters.maximum_atr_ratio:g} is allowed"
        )
        return Denial(rule=self.name, text=text)
