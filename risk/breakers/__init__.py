"""The breakers: one file per rule, all of them named here, in the order they are asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Final

from domain.breakers import Standing
from domain.parameters import Parameters
from risk.breakers.breaker import (
    AllPairsBreaker,
    Breaker,
    Candidate,
    PairBreaker,
    Ruling,
    Telling,
)
from risk.breakers.clock_health import ClockHealth, ClockHealthParameters
from risk.breakers.correlation_guard import CorrelationGuard, CorrelationGuardParameters
from risk.breakers.data_health import DataHealth
from risk.breakers.drawdown import Drawdown, DrawdownParameters
from risk.breakers.extreme_volatility import ExtremeVolatility, ExtremeVolatilityParameters
from risk.breakers.fee_share import FeeShare, FeeShareParameters
from risk.breakers.hourly_losses import HourlyLosses, HourlyLossesParameters
from risk.breakers.loss_streak import LossStreak, LossStreakParameters
from risk.breakers.low_quality_hours import LowQualityHours
from risk.breakers.macro_danger import MacroDanger
from risk.breakers.max_positions import MaxPositions, MaxPositionsParameters
from risk.breakers.one_per_pair import OnePerPair
from risk.breakers.overtrading import Overtrading, OvertradingParameters
from risk.breakers.paused import Paused
from risk.breakers.revenge import Revenge, RevengeParameters
from risk.breakers.win_streak import WinStreak, WinStreakParameters
from risk.state import RiskState

__all__ = [
    "AllPairsBreaker",
    "Breaker",
    "BreakerParameters",
    "Candidate",
    "LowQualityHours",
    "PairBreaker",
    "Ruling",
    "Telling",
    "all_breakers",
    "check_all_pairs",
    "check_breakers",
    "list_standings",
]


_RULES_KEPT: Final = 8
"""Sets of parameters whose breakers are kept: a process knows one strategy or a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerParameters(Parameters):
    """The thresholds of all breakers, a group for each."""

    drawdown: DrawdownParameters = field(default_factory=DrawdownParameters)
    loss_streak: LossStreakParameters = field(default_factory=LossStreakParameters)
    hourly_losses: HourlyLossesParameters = field(default_factory=HourlyLossesParameters)
    clock_health: ClockHealthParameters = field(default_factory=ClockHealthParameters)
    overtrading: OvertradingParameters = field(default_factory=OvertradingParameters)
    max_positions: MaxPositionsParameters = field(default_factory=MaxPositionsParameters)
    correlation_guard: CorrelationGuardParameters = field(
        default_factory=CorrelationGuardParameters
    )
    extreme_volatility: ExtremeVolatilityParameters = field(
        default_factory=ExtremeVolatilityParameters
    )
    revenge: RevengeParameters = field(default_factory=RevengeParameters)
    fee_share: FeeShareParameters = field(default_factory=FeeShareParameters)
    win_streak: WinStreakParameters = field(default_factory=WinStreakParameters)


@lru_cache(maxsize=_RULES_KEPT)
def all_breakers(parameters: BreakerParameters) -> tuple[Breaker, ...]:
    """Every breaker of the gate, in the order they are asked and their reasons are told."""
    return (
        Paused(),
        Drawdown(parameters=parameters.drawdown),
        LossStreak(parameters=parameters.loss_streak),
        HourlyLosses(parameters=parameters.hourly_losses),
        MacroDanger(),
        ClockHealth(parameters=parameters.clock_health),
        DataHealth(),
        Overtrading(parameters=parameters.overtrading),
        MaxPositions(parameters=parameters.max_positions),
        OnePerPair(),
        CorrelationGuard(parameters=parameters.correlation_guard),
        ExtremeVolatility(parameters=parameters.extreme_volatility),
        Revenge(parameters=parameters.revenge),
        FeeShare(parameters=parameters.fee_share),
        WinStreak(parameters=parameters.win_streak),
    )


def check_breakers(
    candidate: Candidate, state: RiskState, parameters: BreakerParameters
) -> tuple[Ruling, ...]:
    """What every breaker that has tripped says of a candidate; empty when none has."""
    answers = (
        breaker.check(state)
        if isinstance(breaker, AllPairsBreaker)
        else breaker.check(candidate, state)
        for breaker in all_breakers(parameters)
    )
    return tuple(ruling for ruling in answers if ruling is not None)


def check_all_pairs(state: RiskState, parameters: BreakerParameters) -> tuple[Ruling, ...]:
    """What the breakers of all pairs say, whatever the candidate; empty when none has tripped."""
    answers = (breaker.check(state) for breaker in _all_pairs_breakers(parameters))
    return tuple(ruling for ruling in answers if ruling is not None)


@lru_cache(maxsize=_RULES_KEPT)
def _all_pairs_breakers(parameters: BreakerParameters) -> tuple[AllPairsBreaker, ...]:
    return tuple(each for each in all_breakers(parameters) if isinstance(each, AllPairsBreaker))


def list_standings(breakers: Iterable[Breaker], state: RiskState) -> tuple[Standing, ...]:
    """Each breaker as it stands without a candidate, in the given order.

    A breaker of single pairs stands once for each pair that it is known to have tripped for.
    """
    return tuple(standing for breaker in breakers for standing in _standings_of(breaker, state))


def _standings_of(breaker: Breaker, state: RiskState) -> list[Standing]:
    if isinstance(breaker, AllPairsBreaker):
        return [_standing(breaker, breaker.check(state), None)]
    tripped = breaker.tripped(state)
    if not tripped:
        return [_standing(breaker, None, None)]
    return [
        _standing(breaker, ruling, symbol)
        for symbol, ruling in sorted(tripped.items(), key=itemgetter(0))
    ]


def _standing(breaker: Breaker, ruling: Ruling | None, symbol: str | None) -> Standing:
    return Standing(
        breaker=breaker.name,
        effect=None if ruling is None else ruling.effect,
        text="" if ruling is None else ruling.text,
        release=breaker.release,
        symbol=symbol,
    )
