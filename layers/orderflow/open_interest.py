"""Component: what open positions say, those being opened, those held, those about to be ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.derivatives import (
    DerivativesReading,
    Positioning,
)
from domain.parameters import Parameters, parameter
from layers.component import Component, Part, known, not_known, strongest
from layers.declarations import CHOICE, share
from layers.orderflow.derivatives import (
    DerivativesParameters,
    crowd_lean,
    liquidation_lean,
    open_interest_lean,
)
from layers.orderflow.open_interest_wording import (
    change_words,
    liquidation_words,
    positioning_words,
)

LABEL: Final = "Open interest"
_SHARES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInterestScore(Parameters):
    """How many points each of the parts pushes when it leans in full."""

    change_push: float = parameter(
        35.0,
        doc="push of open interest that changes fast, read against the price",
        unit="bullishness",
        source="design 4.3",
        low=0,
        high=50,
    )
    positioning_push: float = parameter(
        25.0,
        doc="push of a crowd at an extreme and top traders against it",
        unit="bullishness",
        source=CHOICE,
        low=0,
        high=50,
    )
    liquidation_push: float = parameter(
        20.0,
        doc="push of forced orders, executed and expected",
        unit="bullishness",
        source=CHOICE,
        low=0,
        high=50,
    )
    positioning_share: float = share(0.3, "part of this component's data that long shares are")


def open_interest(
    reading: DerivativesReading | None, shape: OpenInterestScore, leaning: DerivativesParameters
) -> Component:
    """New positions go with the price, crowds against it, forced orders drive it on.

    The value is the change of open interest in percent; without it, the push in points of
    bullishness. Liquidations are told by no venue in full and count as no data of their own.
    """
    if reading is None:
        return not_known(LABEL)
    coverage = _coverage(reading, shape)
    if not coverage:
        return not_known(LABEL)
    parts = tuple(_parts(reading, shape, leaning))
    push = sum(part.push for part in parts)
    interest = reading.open_interest
    value = push if interest is None else interest.change_percent
    return known(LABEL, value, push, _words(parts, push), coverage)


def _coverage(reading: DerivativesReading, shape: OpenInterestScore) -> float:
    changes = 0.0 if reading.open_interest is None else 1.0 - shape.positioning_share
    return changes + shape.positioning_share * _told(reading.positioning)


def _told(positioning: Positioning | None) -> float:
    """Part of the long shares that the venue tells."""
    if positioning is None:
        return 0.0
    shares = (
        positioning.crowd_long_share,
        positioning.top_accounts_long_share,
        positioning.top_positions_long_share,
    )
    return sum(each is not None for each in shares) / _SHARES


def _parts(
    reading: DerivativesReading, shape: OpenInterestScore, leaning: DerivativesParameters
) -> Iterator[Part]:
    interest, positioning = reading.open_interest, reading.positioning
    if interest is None:
        yield Part(0.0, "open interest not known, positions balanced")
    else:
        push = shape.change_push * open_interest_lean(interest, leaning)
        yield Part(push, change_words(interest))
    if positioning is not None:
        push = shape.positioning_push * crowd_lean(positioning, leaning)
        yield Part(push, positioning_words(positioning))
    push = shape.liquidation_push * liquidation_lean(reading, leaning)
    yield Part(push, liquidation_words(reading, push, leaning.liquidations.quiet_notional))


def _words(parts: Sequence[Part], push: float) -> str:
    """The strongest parts; where none is strong, the change of open interest."""
    told = strongest(parts, push) or parts[0].text
    return told[0].upper() + told[1:]
