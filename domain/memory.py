"""What became of earlier setups like this one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.directions import Direction
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOutcome:
    """One trade that has ended: its setup, its result in R after costs, and when it was known."""

    symbol: str
    setup: Setup
    origin: Origin
    realised_r: float
    decided_ms: int
    known_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many ended, how many of them with a gain, and what they made together in R."""

    trades: int = 0
    wins: int = 0
    total_r: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """All outcomes known at `at_ms`, counted by setup and origin; frozen, shared by all pairs."""

    at_ms: int
    counts: Mapping[Setup, Mapping[Origin, OutcomeCount]] = field(default_factory=dict)
