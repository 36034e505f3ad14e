"""The breakers: one file per rule, all of them named here, in the order they are asked."""

from dataclasses import dataclass, field

from domain.decisions import Decision
from domain.parameters import Parameters
from domain.plans import Denial
from risk.breakers.breaker import Breaker
from risk.breakers.extreme_volatility import ExtremeVolatility, ExtremeVolatilityParameters
from risk.breakers.macro_danger import MacroDanger
from risk.breakers.max_positions import MaxPositions, MaxPositionsParameters
from risk.breakers.one_per_pair import OnePerPair
from risk.breakers.overtrading import Overtrading, OvertradingParameters
from risk.breakers.paused import Paused
from risk.breakers.revenge import Revenge, RevengeParameters
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerParameters(Parameters):
    """The thresholds of all breakers, a group for each."""

    overtrading: OvertradingParameters = field(default_factory=OvertradingParameters)
    max_positions: MaxPositionsParameters = field(default_factory=MaxPositionsParameters)
    extreme_volatility: ExtremeVolatilityParameters = field(
        default_factory=ExtremeVolatilityParameters
    )
    revenge: RevengeParameters = field(default_factory=RevengeParameters)


def all_breakers(parameters: BreakerParameters) -> tuple[Breaker, ...]:
    """Every breaker, in the order they are asked and their reasons are told."""
    return (
        Paused(),
        MacroDanger(),
        Overtrading(parameters=parameters.overtrading),
        MaxPositions(parameters=parameters.max_positions),
        OnePerPair(),
        ExtremeVolatility(parameters=parameters.extreme_volatility),
        Revenge(parameters=parameters.revenge),
    )


def check_breakers(
    candidate: Decision, state: RiskState, parameters: BreakerParameters
) -> tuple[Denial, ...]:
    """The denials of every breaker that has tripped; empty when none has."""
    answers = (breaker.check(candidate, state) for breaker in all_breakers(parameters))
    return tuple(denial for denial in answers if denial is not None)
