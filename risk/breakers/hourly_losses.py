"""Breaker: too many losses within an hour, whatever was won between them. Released by time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from domain.breakers import Effect
from domain.counting import many
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyLossesParameters(Parameters):
    """How many losses in how long, and how long to rest after them."""

    losses: int = parameter(
        5,
        doc="losing trades within the window after which every pair rests",
        unit="trades",
        source="design 4.6",
        low=1,
        high=100,
    )
    window_minutes: float = parameter(
        60.0,
        doc="from the first to the last of these losses, at most",
        unit="minutes",
        source="design 4.6",
        low=1,
        high=720,
    )
    rest_minutes: float = parameter(
        30.0,
        doc="rest since the loss that was one too many, and since each further one",
        unit="minutes",
        source="design 4.6",
        low=0,
        high=720,
    )

    @property
    def window(self) -> timedelta:
        """The longest time between the first and the last of these losses."""
        return timedelta(minutes=self.window_minutes)

    @property
    def rest(self) -> timedelta:
        """How long no pair is traded."""
        return timedelta(minutes=self.rest_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyLosses(AllPairsBreaker):
    """Blocks every pair for a while after many losses close to each other."""

    parameters: HourlyLossesParameters
    name: ClassVar[str] = "hourly_losses"
    telling: ClassVar[Telling] = Telling.AT_ONCE

    @property
    def release(self) -> str:
        """What releases it."""
        return f"{self.parameters.rest_minutes:g} minutes have passed"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips until the rest is over, also while the clock stands before the loss."""
        since = self._newest_trip(state)
        if since is None or state.now - since >= self.parameters.rest:
            return None
        until = since + self.parameters.rest
        text = (
            f"{many(self.parameters.losses, 'loss', 'losses')} "
            f"within {self.parameters.window_minutes:g} minutes: "
            f"all pairs rest until {until:%H:%M} UTC"
        )
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text, since=since)

    def _newest_trip(self, state: RiskState) -> datetime | None:
        window = self.parameters.window
        # Losses before this belong to no trip of which the rest is not over.
        begin = state.now - self.parameters.rest - window
        losses = sorted(
            trade.ended_at for trade in state.ended if trade.ended_at > begin and trade.is_loss
        )
        firsts, lasts = losses, losses[self.parameters.losses - 1 :]
        found = (last for first, last in zip(firsts, lasts, strict=False) if last - first <= window)
        return max(found, default=None)
