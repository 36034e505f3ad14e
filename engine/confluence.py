"""The confluence engine: combines what the layers say into one score (design 4.4). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Discard, Tier
from domain.directions import NEUTRAL, Direction, scale_from_neutral
from domain.evidence import LayerName, LayerScore
from domain.market import Regime
from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfluenceParameters(Parameters):
    """Weights, thresholds and quorum rules."""

    layers: tuple[LayerName, ...] = parameter(
        (LayerName.TECHNICAL, LayerName.ORDERFLOW),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Confluence:
    """The combined answer for one direction; scores are support in [0, 100]."""

    raw_score: float
    score: float
    coverage: float
    threshold: float
    tier: Tier | None
    discards: tuple[Discard, ...]


def combine(
    direction: Direction,
    layers: Sequence[LayerScore],
    regime: Regime,
    as_of: datetime,
    parameters: ConfluenceParameters,
) -> Confluence:
    """Score the layers' support for a direction and say whether the quorum is reached."""
    spoken = {layer.layer: layer for layer in layers}
    raw = sum(
        weight * _fresh_support(spoken.get(name), direction, parameters)
        for name, weight in parameters.weights().items()
    )
    coverage = coverage_of(layers, parameters)
    penalised = raw * (1.0 - parameters.coverage_penalty * (1.0 - coverage))
    score = scale_from_neutral(penalised, _regime_multiplier(direction, regime, parameters))
    medium, high = _thresholds(as_of, parameters)
    discards = _quorum_discards(direction, spoken, coverage, parameters)
    if score < medium:
        discards.append(Discard.LOW_SCORE)
    tier = None if discards else Tier.HIGH if score >= high else Tier.MEDIUM
    return Confluence(
        raw_score=raw,
        score=score,
        coverage=coverage,
        threshold=medium,
        tier=tier,
        discards=tuple(discards),
    )


def abstain(
    reason: Discard,
    layers: Sequence[LayerScore],
    as_of: datetime,
    parameters: ConfluenceParameters,
) -> Confluence:
    """The answer when the technical layer gives no direction."""
    return Confluence(
        raw_score=NEUTRAL,
        score=NEUTRAL,
        coverage=coverage_of(layers, parameters),
        threshold=_thresholds(as_of, parameters)[0],
        tier=None,
        discards=(reason,),
    )


def coverage_of(layers: Sequence[LayerScore], parameters: ConfluenceParameters) -> float:
    """Share of the data, in [0, 1], that is there and fresh, over the layers switched on."""
    spoken = {layer.layer: layer for layer in layers}
    return sum(
        weight * _freshness(spoken[name], parameters) * spoken[name].coverage
        for name, weight in parameters.weights().items()
        if name in spoken
    )


def _is_falling(numbers: Sequence[float]) -> bool:
    return list(numbers) == sorted(numbers, reverse=True)


def _freshness(layer: LayerScore, parameters: ConfluenceParameters) -> float:
    bands = zip(parameters.fresh_seconds, parameters.fresh_factors, strict=False)
    return next(
        (factor for limit, factor in bands if layer.age_seconds < limit),
        parameters.fresh_factors[-1],
    )


def _fresh_support(
    layer: LayerScore | None, direction: Direction, parameters: ConfluenceParameters
) -> float:
    """Support of a layer, pulled towards neutral by its age; neutral for one that is missing.

    Age takes support away and never objections: data that grows old must not raise a score.
    """
    if layer is None:
        return NEUTRAL
    aged = scale_from_neutral(layer.bullishness, _freshness(layer, parameters))
    return min(direction.support(layer.bullishness), direction.support(aged))


def _quorum_discards(
    direction: Direction,
    spoken: Mapping[LayerName, LayerScore],
    coverage: float,
    parameters: ConfluenceParameters,
) -> list[Discard]:
    supporting = {
        name
        for name in parameters.layers
        if name in spoken and _is_supporting(spoken[name], direction, parameters)
    }
    needed = min(parameters.minimum_supporting_layers, len(parameters.layers))
    discards = []
    if coverage < parameters.minimum_coverage:
        discards.append(Discard.LOW_COVERAGE)
    if len(supporting) < needed or LayerName.TECHNICAL not in supporting:
        discards.append(Discard.TOO_FEW_LAYERS)
    return discards


def _is_supporting(
    layer: LayerScore, direction: Direction, parameters: ConfluenceParameters
) -> bool:
    """Whether the layer confirms the direction, on data that is mostly there and not too old."""
    support = _fresh_support(layer, direction, parameters)
    is_known = layer.coverage >= parameters.supporting_coverage
    return is_known and support > parameters.supporting_support


_FAVOURED = {
    Regime.RISK_ON: Direction.LONG,
    Regime.BTC_SEASON: Direction.LONG,
    Regime.RISK_OFF: Direction.SHORT,
}


def _regime_multiplier(
    direction: Direction, regime: Regime, parameters: ConfluenceParameters
) -> float:
    if regime is Regime.CHOPPY:
        return parameters.choppy_regime
    favoured = _FAVOURED.get(regime)
    if favoured is None:
        return 1.0
    return parameters.with_regime if favoured is direction else parameters.against_regime


def _thresholds(as_of: datetime, parameters: ConfluenceParameters) -> tuple[float, float]:
    is_low_quality = as_of.hour in parameters.low_quality_hours
    surcharge = parameters.low_quality_surcharge if is_low_quality else 0.0
    return parameters.medium_threshold + surcharge, parameters.high_threshold + surcharge
