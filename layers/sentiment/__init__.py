"""The sentiment layer: fear and greed, talk, the regime of the market, and markets outside.

`texts` reads single texts, `tracking` turns providers' answers into what is known as of an instant;
the modules beside them turn that into four components, each a bullishness with the words for it.
Pure: no clock, no I/O.
"""

from layers.sentiment.market_regime import lapsed_regime_of, regime_of
from layers.sentiment.parameters import SentimentParameters
from layers.sentiment.scoring import score_sentiment
from layers.sentiment.texts import MARKET
from layers.sentiment.tracker import SentimentTracker

__all__ = [
    "MARKET",
    "SentimentParameters",
    "SentimentTracker",
    "lapsed_regime_of",
    "regime_of",
    "score_sentiment",
]
