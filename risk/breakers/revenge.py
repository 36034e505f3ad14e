"""Breaker: no way back into a pair that has just stopped us out. Released by time."""

from dataclasses import dataclass
from datetime import timedelta

from domain.decisions import Decision
from domain.parameters import Parameters, parameter
from domain.plans import Denial
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class RevengeParameters(Parameters):
    """How long a stopped pair rests."""

    cooldown_minutes: float = parameter(
        15.0,
        doc="rest of a pair after its stop was hit",
        unit="minutes",
        source="design 4.6",
        low=0,
        high=1440,
    )

    @property
    def cooldown(self) -> timedelta:
        """Rest of a pair: earlier stops need not be collected."""
        return timedelta(minutes=self.cooldown_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenge:
    """Blocks a pair, in both directions, for a while after its stop was hit."""

    parameters: RevengeParameters
    name: str = "revenge"
    covers_all_pairs: bool = False

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:
        """Trips until the cooldown is over."""
        stopped_at = state.stopped_at.get(candidate.symbol)
        if stopped_at is None or state.now - stopped_at >= self.parameters.cooldown:
            return None
        until = stopped_at + self.parameters.cooldown
        text = f"stopped out of this pair at {stopped_at:%H:%M} UTC, rests until {until:%H:%M}"
        return Denial(rule=self.name, text=text)
