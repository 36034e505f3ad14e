"""The confluence engine: combines what the layers say into one score (design 4.4). Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.decisions import Discard, LayerShare, Tier
from domain.directions import NEUTRAL, Direction, scale_from_neutral
from domain.evidence import LayerName, LayerScore
from engine.confluence_parameters import ConfluenceParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Confluence:
    """The combined answer for one direction; scores are support in [0, 100].

    `score` is `50 + (raw_score * coverage_factor - 50) * multiplier`, kept within [0, 100];
    `shares` is what the raw score is made of.
    """

    raw_score: float
    score: float
    coverage: float
    threshold: float
    tier: Tier | None
    discards: tuple[Discard, ...]
    shares: tuple[LayerShare, ...] = ()
    coverage_factor: float = 1.0
    multiplier: float = 1.0


class _Voice(NamedTuple):
    """What one layer adds; one that is missing has support 50 and neither freshness nor cover."""

    layer: LayerName
    weight: float
    freshness: float
    support: float
    fresh_support: float
    coverage: float
    weighed_support: float
    weighed_coverage: float


def combine(
    direction: Direction,
    layers: Sequence[LayerScore],
    multiplier: float,
    as_of: datetime,
    parameters: ConfluenceParameters,
) -> Confluence:
    """Score the layers' support for a direction and say whether the quorum is reached.

    `multiplier` is what the market's regime makes of the distance from neutral.
    """
    voices = tuple(_voices(direction, layers, parameters))
    raw, coverage = _raw_score(voices), _coverage(voices)
    score = _score(voices, multiplier, parameters)
    medium, high = _thresholds(as_of, parameters)
    discards = _quorum_discards(voices, coverage, parameters)
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
        shares=tuple(_shares(voices, multiplier, parameters)),
        coverage_factor=_coverage_factor(coverage, parameters),
        multiplier=multiplier,
    )


def score_of(
    direction: Direction,
    layers: Sequence[LayerScore],
    multiplier: float,
    parameters: ConfluenceParameters,
) -> float:
    """The score alone: the same as that of `combine`."""
    return _score(tuple(_voices(direction, layers, parameters)), multiplier, parameters)


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
    # Which way they are looked at does not matter: coverage has no direction.
    return _coverage(_voices(Direction.LONG, layers, parameters))


def _voices(
    direction: Direction, layers: Sequence[LayerScore], parameters: ConfluenceParameters
) -> Iterator[_Voice]:
    """A voice for each layer that is switched on, in the order of their switches."""
    spoken = {layer.layer: layer for layer in layers}
    for name, weight in parameters.weights().items():
        layer = spoken.get(name)
        if layer is None:
            yield _missing(name, weight)
            continue
        freshness = _freshness(layer, parameters)
        support = direction.support(layer.bullishness)
        fresh_support = _fresh_support(layer, direction, freshness)
        yield _Voice(
            layer=name,
            weight=weight,
            freshness=freshness,
            support=support,
            fresh_support=fresh_support,
            coverage=layer.coverage,
            weighed_support=weight * fresh_support,
            weighed_coverage=weight * freshness * layer.coverage,
        )


def _missing(name: LayerName, weight: float) -> _Voice:
    return _Voice(name, weight, 0.0, NEUTRAL, NEUTRAL, 0.0, weight * NEUTRAL, 0.0)


def _freshness(layer: LayerScore, parameters: ConfluenceParameters) -> float:
    return parameters.fresh_factors[bisect_right(parameters.fresh_seconds, layer.age_seconds)]


def _fresh_support(layer: LayerScore, direction: Direction, freshness: float) -> float:
    """Support of a layer, pulled towards neutral by its age.

    Age takes support away and never objections: data that grows old must not raise a score.
    """
    aged = scale_from_neutral(layer.bullishness, freshness)
    return min(direction.support(layer.bullishness), direction.support(aged))


def _raw_score(voices: Iterable[_Voice]) -> float:
    return sum([voice.weighed_support for voice in voices])


def _coverage(voices: Iterable[_Voice]) -> float:
    return sum([voice.weighed_coverage for voice in voices])


def _coverage_factor(coverage: float, parameters: ConfluenceParameters) -> float:
    return 1.0 - parameters.coverage_penalty * (1.0 - coverage)


def _score(voices: Sequence[_Voice], multiplier: float, parameters: ConfluenceParameters) -> float:
    factor = _coverage_factor(_coverage(voices), parameters)
    return scale_from_neutral(_raw_score(voices) * factor, multiplier)


def _shares(
    voices: Sequence[_Voice], multiplier: float, parameters: ConfluenceParameters
) -> Iterator[LayerShare]:
    for at, voice in enumerate(voices):
        rest = (*voices[:at], _missing(voice.layer, voice.weight), *voices[at + 1 :])
        yield LayerShare(
            layer=voice.layer,
            weight=voice.weight,
            freshness=voice.freshness,
            support=voice.support,
            fresh_support=voice.fresh_support,
            score_without=_score(rest, multiplier, parameters),
        )


def _quorum_discards(
    voices: Iterable[_Voice], coverage: float, parameters: ConfluenceParameters
) -> list[Discard]:
    supporting = {voice.layer for voice in voices if _is_supporting(voice, parameters)}
    needed = min(parameters.minimum_supporting_layers, len(parameters.layers))
    discards = []
    if coverage < parameters.minimum_coverage:
        discards.append(Discard.LOW_COVERAGE)
    if len(supporting) < needed or LayerName.TECHNICAL not in supporting:
        discards.append(Discard.TOO_FEW_LAYERS)
    return discards


def _is_supporting(voice: _Voice, parameters: ConfluenceParameters) -> bool:
    """Whether the layer confirms the direction, on data that is mostly there and not too old."""
    is_known = voice.coverage >= parameters.supporting_coverage
    return is_known and voice.fresh_support > parameters.supporting_support


def _thresholds(as_of: datetime, parameters: ConfluenceParameters) -> tuple[float, float]:
    is_low_quality = as_of.hour in parameters.low_quality_hours
    surcharge = parameters.low_quality_surcharge if is_low_quality else 0.0
    return parameters.medium_threshold + surcharge, parameters.high_threshold + surcharge
