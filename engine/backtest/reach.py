"""How high a score could get, whatever the layers that are not asked yet may say.

Every bound is the formula of the confluence engine with the best answer in place of what is open.
It lies above every true score, and shares a true score's rounding but for less than `_ROUNDING`.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from domain.decisions import Discard
from domain.directions import NEUTRAL
from domain.evidence import LayerName
from domain.timeframes import Timeframe
from engine.confluence_parameters import ConfluenceParameters
from layers.technical import TechnicalScores

Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_ROUNDING: Final = 1e-9
_HOUR_MS: Final = Timeframe.H1.milliseconds
_HOURS_A_DAY: Final = 24
_FULL: Final = 100.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reach:
    """For each row that has a direction, the best that is still possible."""

    score: Floats
    threshold: Floats
    coverage: Floats
    supporting: Floats
    is_supported: Mask
    """Whether the technical layer supports its own direction well enough for a quorum."""

    def proofs(self, parameters: ConfluenceParameters) -> dict[Discard, Mask]:
        """By reason the rows of which it is certain that `decide` discards them for it."""
        needed = min(parameters.minimum_supporting_layers, len(parameters.layers))
        return {
            Discard.LOW_SCORE: self.score < self.threshold - _ROUNDING,
            Discard.LOW_COVERAGE: self.coverage < parameters.minimum_coverage - _ROUNDING,
            Discard.TOO_FEW_LAYERS: ~self.is_supported | (self.supporting < needed),
        }


def reach_of(
    scores: TechnicalScores, may_speak: dict[LayerName, Mask], parameters: ConfluenceParameters
) -> Reach:
    """The reach of rows of scores that have a direction.

    `may_speak` says of the other layers that are switched on in which rows they may have anything
    to say; a layer that is not in it is missing everywhere.
    """
    weights = parameters.weights()
    freshness = parameters.fresh_factors[bisect_right(parameters.fresh_seconds, 0.0)]
    support = _fresh_support(scores, freshness)
    raw = weights[LayerName.TECHNICAL] * support
    coverage = weights[LayerName.TECHNICAL] * freshness * scores.coverage
    supporting = np.ones(len(scores))
    for layer, weight in weights.items():
        if layer is LayerName.TECHNICAL:
            continue
        speaks = may_speak.get(layer, np.zeros(len(scores), dtype=np.bool_))
        raw = raw + weight * np.where(speaks, _FULL, NEUTRAL)
        coverage = coverage + weight * max(parameters.fresh_factors) * speaks
        supporting = supporting + speaks
    factor = 1.0 - parameters.coverage_penalty * (1.0 - coverage)
    return Reach(
        score=_best_score(raw * factor, may_speak.get(LayerName.SENTIMENT), parameters),
        threshold=_thresholds(scores, parameters),
        coverage=coverage,
        supporting=supporting,
        is_supported=(scores.coverage >= parameters.supporting_coverage - _ROUNDING)
        & (support > parameters.supporting_support - _ROUNDING),
    )


def _fresh_support(scores: TechnicalScores, freshness: float) -> Floats:
    distance = (scores.bullishness - NEUTRAL) * scores.signs
    fresh: Floats = NEUTRAL + np.minimum(distance, distance * freshness)
    return fresh


def _best_score(inner: Floats, hears: Mask | None, parameters: ConfluenceParameters) -> Floats:
    """The best of what any regime makes of a score, elementwise."""
    if LayerName.SENTIMENT not in parameters.layers:
        return inner
    unknown = NEUTRAL + (inner - NEUTRAL) * parameters.unknown_regime
    if hears is None:
        return unknown
    factors = (
        parameters.with_regime,
        parameters.against_regime,
        parameters.choppy_regime,
        parameters.unknown_regime,
        1.0,
    )
    told = [NEUTRAL + (inner - NEUTRAL) * factor for factor in factors]
    return np.where(hears, np.max(told, axis=0), unknown)


def _thresholds(scores: TechnicalScores, parameters: ConfluenceParameters) -> Floats:
    hours = (scores.indices + 1) * Timeframe.M15.milliseconds // _HOUR_MS % _HOURS_A_DAY
    is_low_quality = np.isin(hours, parameters.low_quality_hours)
    surcharge = np.where(is_low_quality, parameters.low_quality_surcharge, 0.0)
    thresholds: Floats = parameters.medium_threshold + surcharge
    return thresholds
