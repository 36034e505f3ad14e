"""Breaker: hours in which markets are thin. Released when they are over.

The bar is raised where decisions are made; here it is only told that it is.
"""

from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class LowQualityHours(AllPairsBreaker):
    """Tells that the bar is `surcharge` points of support higher in some `hours` of the UTC day.

    Both are those of the decision function, so that neither is declared twice.
    """

    hours: tuple[int, ...]
    surcharge: float
    name: ClassVar[str] = "low_quality_hours"
    telling: ClassVar[Telling] = Telling.NEVER

    @property
    def release(self) -> str:
        """What releases it."""
        return "a UTC hour with livelier markets begins"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips in those hours, unless they cost nothing."""
        if state.now.hour not in self.hours or self.surcharge <= 0:
            return None
        text = f"thin markets from {state.now:%H}:00 UTC: the bar is {self.surcharge:g} higher"
        return Ruling(breaker=self.name, effect=Effect.RAISE_BAR, text=text)
