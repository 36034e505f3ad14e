"""Breaker: too many signals lately. Released as the oldest of them leaves the window."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from domain.breakers import Effect
from domain.counting import many
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertradingParameters(Parameters):
    """How many signals in how long."""

    maximum_signals: int = parameter(
        10,
        doc="most signals within the window",
        unit="signals",
        source="design 4.6",
        low=1,
        high=1000,
    )
    window_minutes: float = parameter(
        60.0, doc="length of the window", unit="minutes", source="design 4.6", low=1, high=1440
    )

    @property
    def window(self) -> timedelta:
        """Length of the window: signals published earlier need not be collected."""
        return timedelta(minutes=self.window_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtrading(AllPairsBreaker):
    """Blocks every pair once the window holds as many signals as are allowed."""

    parameters: OvertradingParameters
    name: ClassVar[str] = "overtrading"
    telling: ClassVar[Telling] = Telling.ON_DENIAL

    @property
    def release(self) -> str:
        """What releases it."""
        return f"the oldest signal is more than {self.parameters.window_minutes:g} minutes old"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips when the limit is reached; a signal from the future counts too."""
        begin = state.now - self.parameters.window
        recent = sorted(at for at in state.published_at if at > begin)
        if len(recent) < self.parameters.maximum_signals:
            return None
        text = (
            f"{many(len(recent), 'signal')} "
            f"in the last {self.parameters.window_minutes:g} minutes, "
            f"{many(self.parameters.maximum_signals, 'is', 'are')} allowed"
        )
        since = recent[self.parameters.maximum_signals - 1]
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text, since=since)
