"""What five layers say, in a few numbers."""

from collections.abc import Mapping
from dataclasses import replace

from domain.directions import Direction
from domain.evidence import LayerName, LayerScore
from domain.market_regime import Regime
from engine.confluence import Confluence, combine
from engine.confluence_parameters import ConfluenceParameters
from engine.market_regime import regime_multiplier
from tests.fakes.clock import AFTERNOON

TECHNICAL, ORDERFLOW, ONCHAIN, SENTIMENT, MEMORY = LayerName
ALL = ConfluenceParameters(layers=tuple(LayerName))
ALONE = ConfluenceParameters(layers=(TECHNICAL,))
WEIGHTS = {TECHNICAL: 0.35, ORDERFLOW: 0.25, ONCHAIN: 0.2, SENTIMENT: 0.1, MEMORY: 0.1}

SILENT = Regime.BTC_SEASON
"""The regime that says nothing about a coin other than bitcoin: its multiplier is 1."""

Supports = Mapping[LayerName, float]

AGREED: Supports = {TECHNICAL: 90.0, ORDERFLOW: 80.0, ONCHAIN: 70.0, SENTIMENT: 60.0, MEMORY: 50.0}
"""Raw score .35 * 90 + .25 * 80 + .2 * 70 + .1 * 60 + .1 * 50 = 76.5."""


def say(
    name: LayerName, bullishness: float, *, age: float = 0.0, coverage: float = 1.0
) -> LayerScore:
    return LayerScore(
        layer=name, bullishness=bullishness, age_seconds=age, coverage=coverage, evidence=()
    )


def for_long(supports: Supports, **ages: float) -> list[LayerScore]:
    """The layers of a bullish market; ages by the names of the layers."""
    return [say(name, value, age=ages.get(name.value, 0.0)) for name, value in supports.items()]


def mirrored(layers: list[LayerScore]) -> list[LayerScore]:
    return [replace(layer, bullishness=100.0 - layer.bullishness) for layer in layers]


def judge(
    layers: list[LayerScore],
    direction: Direction = Direction.LONG,
    *,
    regime: Regime = SILENT,
    asset: str = "SOL",
    hour: int = AFTERNOON.hour,
    parameters: ConfluenceParameters = ALL,
) -> Confluence:
    multiplier = regime_multiplier(direction, regime, asset, parameters)
    return combine(direction, layers, multiplier, AFTERNOON.replace(hour=hour), parameters)
