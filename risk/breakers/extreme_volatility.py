"""Breaker: a pair gone wild. Released when its range is back near its own mean."""

import math
from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import Candidate, PairBreaker, Ruling, Telling
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
class ExtremeVolatility(PairBreaker):
    """Blocks a pair whose ATR is far above its own mean, or not known."""

    parameters: ExtremeVolatilityParameters
    name: ClassVar[str] = "extreme_volatility"
    telling: ClassVar[Telling] = Telling.ON_DENIAL

    @property
    def release(self) -> str:
        """What releases it."""
        return f"ATR is no more than {self.parameters.maximum_atr_ratio:g} times its mean"

    def check(self, candidate: Candidate, state: RiskState) -> Ruling | None:  # noqa: ARG002 - about one pair alone
        """Trips above the limit, and where the ratio is unknown."""
        ratio = candidate.decision.atr_ratio
        if ratio is None or not math.isfinite(ratio):
            text = "volatility against its own mean is unknown"
        elif ratio > self.parameters.maximum_atr_ratio:
            text = (
                f"extreme volatility: ATR is {ratio:.2f} times its mean, "
                f"{self.parameters.maximum_atr_ratio:g} is allowed"
            )
        else:
            return None
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text)
