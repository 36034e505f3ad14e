"""A decision on one pair at one candle close: send, or discard with the reasons."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.directions import Direction
from domain.evidence import LayerScore
from domain.market_regime import Regime


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
class Decision:
    """The whole answer of the decision function, with every number it stands on.

    `score`, `raw_score` and `threshold` are support for `direction` in [0, 100]; without a
    direction the scores are 50. `coverage` in [0, 1] over the layers that are switched on. `close`
    and `atr` are prices, `atr_ratio` is ATR over its own 20-candle mean; both are None while they
    cannot be computed. `discards` is empty exactly when the decision is a signal.
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

    @property
    def is_signal(self) -> bool:
        """Whether the quorum was reached."""
        return not self.discards
