"""Weights, thresholds and quorum rules of the confluence engine (design 4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.evidence import LayerName
from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfluenceParameters(Parameters):
    """Weights, thresholds and quorum rules."""

    layers: tuple[LayerName, ...] = parameter(
        tuple(LayerName),
        doc="layers that are switched on; weights are renormalised over them",
        unit="layer names",
        source="design 4.4",
    )
    technical_weight: float = parameter(
        0.35, doc="weight of the technical layer", unit="share", source="design 4.3", low=0, high=1
    )
    orderflow_weight: float = parameter(
        0.25, doc="weight of the order-flow layer", unit="share", source="design 4.3", low=0, high=1
    )
    onchain_weight: float = parameter(
        0.20, doc="weight of the on-chain layer", unit="share", source="design 4.3", low=0, high=1
    )
    sentiment_weight: float = parameter(
        0.10, doc="weight of the sentiment layer", unit="share", source="design 4.3", low=0, high=1
    )
    memory_weight: float = parameter(
        0.10, doc="weight of the memory layer", unit="share", source="design 4.3", low=0, high=1
    )
    high_threshold: float = parameter(
        80.0,
        doc="score from which a signal is HIGH",
        unit="support",
        source="design 4.4",
        low=50,
        high=100,
    )
    medium_threshold: float = parameter(
        65.0,
        doc="score from which a signal is sent",
        unit="support",
        source="design 4.4",
        low=50,
        high=100,
    )
    low_quality_hours: tuple[int, ...] = parameter(
        (4, 5, 6, 7, 20, 21, 22, 23),
        doc="UTC hours in which the bar is higher: dead zone before London, after the US close",
        unit="hours",
        source="design 4.4",
        low=0,
        high=23,
    )
    low_quality_surcharge: float = parameter(
        5.0,
        doc="added to both thresholds in those hours",
        unit="support",
        source="design 4.4",
        low=0,
        high=50,
    )
    minimum_coverage: float = parameter(
        0.6,
        doc="below this coverage there is no signal",
        unit="share",
        source="design 4.4",
        low=0,
        high=1,
    )
    coverage_penalty: float = parameter(
        0.25,
        doc="share of the score lost when nothing is covered",
        unit="share",
        source="design 4.4",
        low=0,
        high=1,
    )
    supporting_support: float = parameter(
        55.0,
        doc="support above which a layer counts as supporting",
        unit="support",
        source="design 4.3",
        low=50,
        high=100,
    )
    supporting_coverage: float = parameter(
        0.5,
        doc="coverage from which a layer's support counts for the quorum",
        unit="share",
        source="own choice: what is mostly unknown confirms nothing",
        low=0,
        high=1,
    )
    minimum_supporting_layers: int = parameter(
        2,
        doc="layers that must support the direction (all, where fewer are switched on)",
        unit="layers",
        source="design 4.4",
        low=1,
        high=5,
    )
    with_regime: float = parameter(
        1.1,
        doc="multiplier when the regime favours the direction",
        unit="multiplier",
        source="design 4.4",
        low=1,
        high=2,
    )
    against_regime: float = parameter(
        0.7,
        doc="multiplier when the regime opposes the direction",
        unit="multiplier",
        source="design 4.4",
        low=0,
        high=1,
    )
    choppy_regime: float = parameter(
        0.95,
        doc="multiplier in a choppy market",
        unit="multiplier",
        source="design 4.4",
        low=0,
        high=1,
    )
    unknown_regime: float = parameter(
        0.95,
        doc="multiplier while the sentiment layer is on and tells no regime",
        unit="multiplier",
        source="own choice: not knowing the market is no better than a choppy one",
        low=0,
        high=1,
    )
    fresh_seconds: tuple[float, ...] = parameter(
        (300.0, 900.0, 1800.0),
        doc="ages up to which the factors below hold, in order",
        unit="seconds",
        source="design 4.3",
        low=0,
    )
    fresh_factors: tuple[float, ...] = parameter(
        (1.0, 0.7, 0.4, 0.2),
        doc="freshness per age band; the last one for anything older",
        unit="share",
        source="design 4.3",
        low=0,
        high=1,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if LayerName.TECHNICAL not in self.layers or len(set(self.layers)) < len(self.layers):
            raise ValueError("layers must contain technical, and each layer only once")
        if not any(self._declared_weights()[layer] for layer in self.layers):
            raise ValueError("at least one layer that is switched on needs a weight above 0")
        if self.high_threshold < self.medium_threshold:
            raise ValueError("high_threshold must not be below medium_threshold")
        if len(self.fresh_factors) != len(self.fresh_seconds) + 1:
            raise ValueError("fresh_factors needs one number more than fresh_seconds")
        if not _is_falling(self.fresh_factors) or not _is_falling(self.fresh_seconds[::-1]):
            raise ValueError("fresh_seconds must rise and fresh_factors must fall with age")

    def weights(self) -> dict[LayerName, float]:
        """Weights of the layers that are switched on, adding up to 1."""
        declared = self._declared_weights()
        total = sum(declared[layer] for layer in self.layers)
        return {layer: declared[layer] / total for layer in self.layers}

    def _declared_weights(self) -> dict[LayerName, float]:
        return {
            LayerName.TECHNICAL: self.technical_weight,
            LayerName.ORDERFLOW: self.orderflow_weight,
            LayerName.ONCHAIN: self.onchain_weight,
            LayerName.SENTIMENT: self.sentiment_weight,
            LayerName.MEMORY: self.memory_weight,
        }


def _is_falling(numbers: Sequence[float]) -> bool:
    return list(numbers) == sorted(numbers, reverse=True)
