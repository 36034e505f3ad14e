"""Breaker: too many signals lately. Released as the oldest of them leaves the window."""

from dataclasses import dataclass
from datetime import timedelta

from domain.decisions import Decision
from domain.parameters import Parameters, parameter
from domain.plans import Denial
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
class Overtrading:
    """Blocks every pair once the window holds as many signals as are allowed."""

    parameters: OvertradingParameters
    name: str = "overtrading"
    covers_all_pairs: bool = True

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:  # noqa: ARG002 - counts all pairs
        """Trips when the limit is reached; a signal from the future counts too."""
        since = state.now - self.parameters.window
        count = sum(published_at > since for published_at in state.published_at)
        if count < self.parameters.maximum_signals:
            return None
        text = (
            f"{count} signals in the last {self.parameters.window_minutes:g} minutes, "
            f"{self.parameters.maximum_signals} are allowed"
        )
        return Denial(rule=self.name, text=text)
