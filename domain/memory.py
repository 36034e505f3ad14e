"""What became of earlier setups like this one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.market_regime import Regime


class Trend(StrEnum):
    """The one-hour trend as the technical layer sees it."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class PairClass(StrEnum):
    """How large the coin is."""

    MAJOR = "major"
    LARGE = "large"
    SMALL = "small"


class Origin(StrEnum):
    """Where an outcome comes from; the two are never mixed, only weighed."""

    LIVE = "live"
    BACKTEST = "backtest"


Likeness = tuple[Direction | Regime | Trend | int | PairClass, ...]
"""What setups have in common: the first of their features, in the order of `FEATURES`."""

FEATURES: Final = ("direction", "regime", "trend", "score", "coin size")
"""What setups are compared by, the one that matters most first; direction is never left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What makes two trades alike. `score_band` is the lower end of five points of support.

    The score is that of the other layers: what memory says must not decide what it remembers.
    """

    direction: Direction
    regime: Regime
    trend: Trend
    score_band: int
    pair_class: PairClass

    def likeness(self, features: int) -> Likeness:
        """Its first 1 to 5 features: two setups that share them are alike that far."""
        every = (self.direction, self.regime, self.trend, self.score_band, self.pair_class)
        return every[:features]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOutcome:
    """One trade that has ended: its setup, its result in R after costs, and when it was known.

    Raises `InvalidDataError` for a result that is not a finite number.
    """

    symbol: str
    setup: Setup
    origin: Origin
    realised_r: float
    decided_ms: int
    known_ms: int

    def __post_init__(self) -> None:
        if not math.isfinite(self.realised_r):
            raise InvalidDataError(
                f"the outcome of {self.symbol} decided at {self.decided_ms} made "
                f"{self.realised_r} R; a result must be a finite number"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many ended, how many of them with a gain, and what they made together in R."""

    trades: int = 0
    wins: int = 0
    total_r: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """All outcomes known at `at_ms`, counted by likeness and origin; frozen, shared by all pairs.

    Each outcome is counted under all five likenesses of its setup, from "same direction" to "all
    the same", so that asking for like trades is one look, however many there are.
    """

    at_ms: int
    counts: Mapping[Likeness, Mapping[Origin, OutcomeCount]] = field(default_factory=dict)
