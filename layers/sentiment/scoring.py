"""From what is felt about one coin to the layer's answer."""

from datetime import datetime

from domain.directions import NEUTRAL
from domain.evidence import LayerName, LayerScore
from domain.sentiment import Sentiment
from domain.timeframes import to_ms
from layers.component import Component
from layers.sentiment.fear_greed import fear_greed
from layers.sentiment.macro import macro
from layers.sentiment.market_regime import market_regime
from layers.sentiment.parameters import COMPONENT_NAMES, SentimentParameters
from layers.sentiment.social import social
from layers.weighing import coverage_of, evidence_of, mean_distance


def score_sentiment(
    sentiment: Sentiment | None, asset: str, as_of: datetime, parameters: SentimentParameters
) -> LayerScore:
    """Four components weighed into one bullishness.

    `asset` is canonical (domain/assets.py). What is missing reads neutral and lowers coverage. The
    age is that of the newest answer behind any part; without one it reaches back to 1970, the
    oldest that is finite, and coverage is 0.
    """
    as_of_ms = to_ms(as_of)
    known = sentiment or Sentiment(at_ms=as_of_ms)
    shares = parameters.weights.shares()
    components = _components(known, asset, as_of_ms, parameters)
    return LayerScore(
        layer=LayerName.SENTIMENT,
        bullishness=NEUTRAL + mean_distance(components, shares),
        age_seconds=max(0.0, (as_of_ms - known.answered_ms) / 1000.0),
        coverage=coverage_of(components, shares),
        evidence=tuple(evidence_of(COMPONENT_NAMES, components, shares)),
    )


def _components(
    known: Sentiment, asset: str, as_of_ms: int, parameters: SentimentParameters
) -> tuple[Component, ...]:
    return (
        fear_greed(known.fear_greed, parameters.fear_greed),
        social(known.social, parameters.social),
        market_regime(known, asset, as_of_ms, parameters.market_regime),
        macro(known.macro, parameters.macro),
    )
