"""What a data layer says: evidence and a score, in bullishness."""

from dataclasses import dataclass
from enum import StrEnum


class LayerName(StrEnum):
    """The five voices of the quorum."""

    TECHNICAL = "technical"
    ORDERFLOW = "orderflow"
    ONCHAIN = "onchain"
    SENTIMENT = "sentiment"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: a named number, its bullishness in [0, 100], its weight in [0, 1], and its words.

    `value` is the raw reading (RSI 28.4, volume ratio 2.7), None when it could not be computed, in
    which case bullishness is 50. `text` is what a subscriber reads; it is plain text, never markup.
    """

    name: str
    value: float | None
    bullishness: float
    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class LayerScore:
    """One layer's answer for one pair.

    `bullishness` in [0, 100]; `age_seconds` since the newest datum it stands on; `coverage` in
    [0, 1], the share of its components that had data; `evidence` in the layer's own fixed order.
    """

    layer: LayerName
    bullishness: float
    age_seconds: float
    coverage: float
    evidence: tuple[Evidence, ...]
