"""Every threshold of the sentiment layer, in one tree.

Bullishness anchors are given for the bullish case; the bearish case is their mirror.
"""

from dataclasses import dataclass, field
from typing import Final

from domain.parameters import Parameters
from layers.sentiment.fear_greed import FearGreedShape
from layers.sentiment.macro import MacroShape
from layers.sentiment.market_regime import RegimeScore
from layers.sentiment.social import SocialShape
from layers.sentiment.texts import TextParameters
from layers.sentiment.tracking.parameters import (
    MacroTracking,
    RegimeTracking,
    TalkTracking,
    Timeliness,
)
from layers.weighing import Weights, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentWeights(Weights):
    """Say of each component; what counts is a weight over the sum of all."""

    fear_greed: float = weight(0.20, "the index of fear and greed")
    social: float = weight(0.30, "talk")
    market_regime: float = weight(0.30, "the market's regime")
    macro: float = weight(0.20, "markets outside")


COMPONENT_NAMES: Final = ComponentWeights.names()
"""The four components, in the order of the evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentParameters(Parameters):
    """The sentiment layer: what its tracker reads, and how four components are scored."""

    weights: ComponentWeights = field(default_factory=ComponentWeights)
    fear_greed: FearGreedShape = field(default_factory=FearGreedShape)
    social: SocialShape = field(default_factory=SocialShape)
    market_regime: RegimeScore = field(default_factory=RegimeScore)
    macro: MacroShape = field(default_factory=MacroShape)
    texts: TextParameters = field(default_factory=TextParameters)
    timeliness: Timeliness = field(default_factory=Timeliness)
    talk_tracking: TalkTracking = field(default_factory=TalkTracking)
    regime_tracking: RegimeTracking = field(default_factory=RegimeTracking)
    macro_tracking: MacroTracking = field(default_factory=MacroTracking)
