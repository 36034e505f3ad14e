"""The confluence engine: combines what the layers say into one score (design 4.4). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Discard, Tier
from domain.directions import NEUTRAL, Direction, scale_from_neutral
from domain.evidence import LayerName, LayerScore
from domain.market_regime import Regime
from engine.confluence_parameters import ConfluenceParameters


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
