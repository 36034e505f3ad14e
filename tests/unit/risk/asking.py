"""Asks the breakers about a candidate that nothing else speaks against."""

from dataclasses import replace
from typing import Any

from domain.directions import Direction
from domain.market import MarketSnapshot
from risk.breakers import BreakerParameters, Candidate, Ruling, check_breakers
from risk.state import RiskState
from tests.unit.risk.trade_builders import make_candidate, make_snapshot

PARAMETERS = BreakerParameters()


def rulings_of(
    state: RiskState, snapshot: MarketSnapshot | None = None, **changes: Any
) -> tuple[Ruling, ...]:
    decision = replace(make_candidate(), **changes)
    candidate = Candidate(
        decision=decision,
        direction=decision.direction or Direction.LONG,
        snapshot=snapshot or make_snapshot(),
    )
    return check_breakers(candidate, state, PARAMETERS)


def tripped(state: RiskState, snapshot: MarketSnapshot | None = None, **changes: Any) -> list[str]:
    """Names of the breakers that do anything, in order."""
    return [ruling.breaker for ruling in rulings_of(state, snapshot, **changes)]


def only_ruling(state: RiskState, snapshot: MarketSnapshot | None = None, **changes: Any) -> Ruling:
    (ruling,) = rulings_of(state, snapshot, **changes)
    return ruling
