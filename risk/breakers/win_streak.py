"""Breaker: too much luck. Released by the first trade that does not win, or after a day."""

from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from domain.counting import many
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.percentages import exact
from risk.state import RiskState, newest_run


@dataclass(frozen=True, slots=True, kw_only=True)
class WinStreakParameters(Parameters):
    """How many wins make a streak, and what risk is left in it."""

    wins: int = parameter(
        5,
        doc="wins in a row, within a day, after which the risk shrinks: luck breeds recklessness",
        unit="trades",
        source="design 4.5",
        low=1,
        high=100,
    )
    multiplier: float = parameter(
        0.5,
        doc="share of the risk that is left while such a streak lasts",
        unit="ratio",
        source="design 4.5",
        low=0.01,
        high=0.99,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WinStreak(AllPairsBreaker):
    """Shrinks every trade while wins follow each other."""

    parameters: WinStreakParameters
    name: ClassVar[str] = "win_streak"
    telling: ClassVar[Telling] = Telling.AT_ONCE

    @property
    def release(self) -> str:
        """What releases it."""
        return "a trade does not win, or the wins are more than a day old"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips when the streak is long enough.

        It counts from its first win: the one that completed it is not the same any more once the
        first is older than a day, although the streak goes on.
        """
        streak = newest_run(state.ended, lambda trade: trade.is_win)
        if len(streak) < self.parameters.wins:
            return None
        left = self.parameters.multiplier
        return Ruling(
            breaker=self.name,
            effect=Effect.SHRINK,
            text=f"{many(len(streak), 'win')} in a row: {left:.0%} of the risk",
            factor=exact(left),
            since=streak[0].ended_at,
        )
