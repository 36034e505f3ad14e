"""Component: who pays for holding on. Contrarian: those who pay much are crowded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.derivatives import Funding
from domain.directions import NEUTRAL
from domain.parameters import Parameters
from domain.timeframes import to_ms
from layers.component import SLIGHT, Component, known, not_known
from layers.declarations import anchor
from layers.figures import signed_percent, span
from layers.orderflow.derivatives import DerivativesParameters, funding_lean

LABEL: Final = "Funding"


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingScore(Parameters):
    """What funding stands for."""

    full: float = anchor(80.0, "shorts pay as much as leans in full")


def funding_rate(
    funding: Funding | None,
    as_of: datetime,
    shape: FundingScore,
    reading: DerivativesParameters,
) -> Component:
    """Longs who pay much are a crowd that may have to leave: bearish; shorts who pay, bullish.

    The value is the rate, a fraction of the position.
    """
    if funding is None:
        return not_known(LABEL)
    distance = (shape.full - NEUTRAL) * funding_lean(funding, to_ms(as_of), reading)
    return known(LABEL, funding.rate, distance, _words(distance, funding, as_of))


def _words(distance: float, funding: Funding, as_of: datetime) -> str:
    told = f"Funding {signed_percent(funding.rate * 100.0, 3)}"
    if abs(distance) < SLIGHT:
        return f"{told}, neutral"
    wait = (funding.next_at - as_of).total_seconds()
    due = f", paid in {span(wait)}" if wait > 0.0 else ""
    return f"{told}, {'shorts' if distance > 0.0 else 'longs'} crowded{due}"
