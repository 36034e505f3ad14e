"""Breaker: enough is open. Released as soon as one trade ends."""

from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from domain.counting import many
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxPositionsParameters(Parameters):
    """How much may be open at once."""

    maximum_positions: int = parameter(
        5,
        doc="most trades at once, those that still wait for their entry included",
        unit="trades",
        source="design 4.6",
        low=1,
        high=100,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxPositions(AllPairsBreaker):
    """Blocks every pair while as many trades are live as are allowed."""

    parameters: MaxPositionsParameters
    name: ClassVar[str] = "max_positions"
    telling: ClassVar[Telling] = Telling.ON_DENIAL

    @property
    def release(self) -> str:
        """What releases it."""
        return "a trade ends"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips when the limit is reached."""
        if len(state.trades) < self.parameters.maximum_positions:
            return None
        text = (
            f"{many(len(state.trades), 'trade is', 'trades are')} live, "
            f"{many(self.parameters.maximum_positions, 'is', 'are')} allowed"
        )
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text)
