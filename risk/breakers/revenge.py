"""Breaker: no way back into a pair that has just stopped us out. Released by time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from domain.breakers import Effect
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import Candidate, PairBreaker, Ruling, Telling
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
class Revenge(PairBreaker):
    """Blocks a pair, in both directions, for a while after its stop was hit."""

    parameters: RevengeParameters
    name: ClassVar[str] = "revenge"
    telling: ClassVar[Telling] = Telling.ON_DENIAL

    @property
    def release(self) -> str:
        """What releases it."""
        return f"{self.parameters.cooldown_minutes:g} minutes have passed since the stop"

    def check(self, candidate: Candidate, state: RiskState) -> Ruling | None:
        """Trips until the cooldown is over, also while the clock stands before the stop."""
        stopped_at = state.stopped_at.get(candidate.symbol)
        if stopped_at is None or not self._rests(stopped_at, state):
            return None
        return self._ruling(stopped_at)

    def tripped(self, state: RiskState) -> Mapping[str, Ruling]:
        """The pairs that rest."""
        return {
            symbol: self._ruling(stopped_at)
            for symbol, stopped_at in state.stopped_at.items()
            if self._rests(stopped_at, state)
        }

    def _rests(self, stopped_at: datetime, state: RiskState) -> bool:
        return state.now - stopped_at < self.parameters.cooldown

    def _ruling(self, stopped_at: datetime) -> Ruling:
        until = stopped_at + self.parameters.cooldown
        text = f"stopped out of this pair at {stopped_at:%H:%M} UTC, rests until {until:%H:%M}"
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text, since=stopped_at)
