"""A decision on one pair at one candle close: send, or discard with the reasons."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.directions import Direction
from domain.evidence import LayerName, LayerScore
from domain.market_regime import Regime
from domain.memory import Setup


class Tier(StrEnum):
    """How strong the quorum is."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"


class Discard(StrEnum):
    """Why a pair got no signal at this close, before risk was even asked."""

    NO_DIRECTION = "no direction"
    TOO_FEW_INDICATORS = "too few indicators support the direction"
    TOO_FEW_LAYERS = "too few layers support the direction"
    LOW_COVERAGE = "too little of the data is there and fresh"
    LOW_SCORE = "score below the threshold"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerShare:
    """What one layer that is switched on adds to the score of a direction.

    `weight` is its share of all weights; `freshness` in [0, 1] follows from its age, 0 for a layer
    that is missing. `support` is what it says, `fresh_support` what counts of it; the sum of
    `weight * fresh_support` over all layers is the raw score. `score_without` is what the score
    would have been had the layer been missing: 50 in its place, less coverage, the same regime.
    """

    layer: LayerName
    weight: float
    freshness: float
    support: float
    fresh_support: float
    score_without: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The whole answer of the decision function, with every number it stands on.

    `score`, `raw_score` and `threshold` are support for `direction` in [0, 100]; without a
    direction the scores are 50. `coverage` in [0, 1] over the layers that are switched on. `close`
    and `atr` are prices, `atr_ratio` is ATR over its own 20-candle mean; both are None while they
    cannot be computed. `discards` is empty exactly when the decision is a signal.

    `score` is `50 + (raw_score * coverage_factor - 50) * regime_multiplier`, and `shares` is what
    the raw score is made of; both factors are 1 and there are no shares without a direction, and
    in decisions stored before they were kept. The same holds for `setup`, which is then None.
    """

    symbol: str
    as_of: datetime
    direction: Direction | None
    score: float
    raw_score: float
    coverage: float
    threshold: float
    tier: Tier | None
    regime: Regime
    close: float
    atr: float | None
    atr_ratio: float | None
    layers: tuple[LayerScore, ...]
    layers_on: int
    discards: tuple[Discard, ...]
    setup: Setup | None = None
    shares: tuple[LayerShare, ...] = ()
    coverage_factor: float = 1.0
    regime_multiplier: float = 1.0

    @property
    def is_signal(self) -> bool:
        """Whether the quorum was reached."""
        return not self.discards
