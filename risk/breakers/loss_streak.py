"""Breaker: one loss after the other. Released by time, or by a trade that does not lose."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from domain.breakers import Effect
from domain.counting import many
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState, newest_run


@dataclass(frozen=True, slots=True, kw_only=True)
class LossStreakParameters(Parameters):
    """How many losses make a streak, and how long to rest after them."""

    losses: int = parameter(
        3,
        doc="losing trades in a row after which every pair rests",
        unit="trades",
        source="design 4.6",
        low=1,
        high=100,
    )
    rest_minutes: float = parameter(
        10.0,
        doc="rest since the loss that completed the streak, and since each further one",
        unit="minutes",
        source="design 4.6",
        low=0,
        high=1440,
    )

    @property
    def rest(self) -> timedelta:
        """How long no pair is traded."""
        return timedelta(minutes=self.rest_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossStreak(AllPairsBreaker):
    """Blocks every pair for a while after losses in a row."""

    parameters: LossStreakParameters
    name: ClassVar[str] = "loss_streak"
    telling: ClassVar[Telling] = Telling.AT_ONCE

    @property
    def release(self) -> str:
        """What releases it."""
        rest = self.parameters.rest_minutes
        return f"{rest:g} minutes without another loss, or a trade that does not lose"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips until the rest is over, also while the clock stands before the loss."""
        streak = newest_run(state.ended, lambda trade: trade.is_loss)
        if len(streak) < self.parameters.losses:
            return None
        since = streak[-1].ended_at
        if state.now - since >= self.parameters.rest:
            return None
        until = since + self.parameters.rest
        losses = many(len(streak), "loss", "losses")
        text = f"{losses} in a row: all pairs rest until {until:%H:%M} UTC"
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text, since=since)
