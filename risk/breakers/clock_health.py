"""Breaker: nobody knows what time it is at the exchange. Released by the next measurement."""

import math
from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockHealthParameters(Parameters):
    """How long a clock is trusted."""

    maximum_age_seconds: float = parameter(
        900.0,
        doc="longest time since exchange time was last measured",
        unit="seconds",
        source="own choice: three measurements in a row have failed",
        low=10,
        high=86_400,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockHealth(AllPairsBreaker):
    """Blocks every pair while exchange time has not been measured lately.

    A wrong clock decides at the wrong candle, and dates what can't be changed any more.
    """

    parameters: ClockHealthParameters
    name: ClassVar[str] = "clock_health"
    telling: ClassVar[Telling] = Telling.AT_ONCE

    @property
    def release(self) -> str:
        """What releases it."""
        return "exchange time has been measured again"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips above the limit; None is a clock that needs no measuring."""
        age = state.clock_age_seconds
        if age is None or age <= self.parameters.maximum_age_seconds:
            return None
        text = "exchange time was never measured"
        if math.isfinite(age):
            allowed = f"{self.parameters.maximum_age_seconds / 60:g} are allowed"
            text = f"exchange time was last measured {age / 60:.0f} minutes ago, {allowed}"
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text)
