"""From the readings of one coin to the layer's answer."""

from datetime import datetime

from domain.directions import NEUTRAL
from domain.evidence import LayerName, LayerScore
from domain.onchain import OnChain
from domain.timeframes import to_ms
from layers.component import Component
from layers.onchain.exchange_flow import exchange_flow
from layers.onchain.parameters import COMPONENT_NAMES, OnChainParameters
from layers.onchain.smart_money import smart_money
from layers.onchain.stablecoin_flow import stablecoin_flow
from layers.onchain.whale_movements import whale_movements
from layers.weighing import coverage_of, evidence_of, mean_distance


def score_onchain(
    onchain: OnChain | None, as_of: datetime, parameters: OnChainParameters
) -> LayerScore:
    """Four components weighed into one bullishness.

    What is missing reads neutral and lowers coverage. The age is that of the newest answer behind
    any part; without any it reaches back to 1970, the oldest that is finite, and coverage is 0.
    """
    at_ms = to_ms(as_of)
    onchain = onchain or OnChain(at_ms=at_ms)
    shares = parameters.weights.shares()
    components = _components(onchain, at_ms, parameters)
    return LayerScore(
        layer=LayerName.ONCHAIN,
        bullishness=NEUTRAL + mean_distance(components, shares),
        age_seconds=max(0.0, (at_ms - onchain.answered_ms) / 1000.0),
        coverage=coverage_of(components, shares),
        evidence=tuple(evidence_of(COMPONENT_NAMES, components, shares)),
    )


def _components(
    onchain: OnChain, at_ms: int, parameters: OnChainParameters
) -> tuple[Component, ...]:
    window_minutes = parameters.reading.whales.window
    return (
        whale_movements(onchain.whales, at_ms, window_minutes, parameters.whale_movements),
        exchange_flow(onchain.exchange_flow, onchain.dex, parameters.exchange_flow, parameters.dex),
        stablecoin_flow(onchain.stablecoins, parameters.stablecoin_flow),
        smart_money(onchain.smart_money, parameters.smart_money),
    )
