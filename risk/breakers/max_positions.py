"""Breaker: enough is open. Released as soon as one trade ends."""

from dataclasses import dataclass

from domain.decisions import Decision
from domain.parameters import Parameters, parameter
from domain.plans import Denial
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
class MaxPositions:
    """Blocks every pair while as many trades are live as are allowed."""

    parameters: MaxPositionsParameters
    name: str = "max_positions"
    covers_all_pairs: bool = True

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:  # noqa: ARG002 - counts all pairs
        """Trips when the limit is reached."""
        if len(state.trades) < self.parameters.maximum_positions:
            return None
        text = (
            f"{len(state.trades)} trades are live, {self.parameters.maximum_positions} are allowed"
        )
        return Denial(rule=self.name, text=text)
