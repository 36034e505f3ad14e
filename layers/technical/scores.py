"""The technical layer's answer: arrays over rows, and words for the rows asked about."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np

from domain.directions import Direction
from domain.evidence import LayerName, LayerScore
from domain.timeframes import Timeframe, from_ms
from layers.technical.parameters import TechnicalParameters
from layers.technical.shapes import Floats
from layers.technical.wording import RowFacts, evidence_of

Integers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Explanation:
    """What the words are made of; the first axis of each array runs over rows.

    `values` and `events` (rows, 10) are the indicators' raw readings and what happened there,
    `touches` (rows,) how often the nearer level was touched, `backdrop` (rows,) the larger trend,
    `rising` and `falling` (rows, 6) the confidence of each pattern either way, `multiplier`
    (rows,) that of the timeframes, `others` (rows, 3) trend of 1h and 5m and momentum of 1m.
    """

    values: Floats
    events: Floats
    touches: Floats
    backdrop: Floats
    rising: Floats
    falling: Floats
    multiplier: Floats
    others: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TechnicalScores:
    """Scores of many rows: pairs at one close, or closes of one pair.

    `bullishness` and `components` (rows, 10; order of INDICATOR_NAMES) lie in [0, 100], `coverage`
    in [0, 1], `trend` in [-1, 1] with 0 where unknown. `close` and `atr` are prices, `atr_ratio` is
    ATR over its 20-candle mean; they are NaN where unknown. The support counts are the indicators
    whose support exceeds 55, `signs` +1 for long, -1 for short, 0 for no direction, and `indices`
    the numbers of the 15m candles.
    """

    parameters: TechnicalParameters
    indices: Integers
    bullishness: Floats
    coverage: Floats
    components: Floats
    support_count_long: Integers
    support_count_short: Integers
    signs: Integers
    trend: Floats
    close: Floats
    atr: Floats
    atr_ratio: Floats
    explanation: Explanation

    def __len__(self) -> int:
        return len(self.indices)

    def direction(self, row: int) -> Direction | None:
        """Long or short where bullishness and enough indicators say so, else None."""
        sign = self.signs[row]
        if sign == 0:
            return None
        return Direction.LONG if sign > 0 else Direction.SHORT

    def closed_at(self, row: int) -> datetime:
        """Boundary at which the row's candle closed."""
        return from_ms((int(self.indices[row]) + 1) * Timeframe.M15.milliseconds)

    def layer_score(self, row: int, as_of: datetime | None = None) -> LayerScore:
        """Score of one row with its evidence in words; fresh unless `as_of` is later than it."""
        age = 0.0 if as_of is None else (as_of - self.closed_at(row)).total_seconds()
        return LayerScore(
            layer=LayerName.TECHNICAL,
            bullishness=float(self.bullishness[row]),
            age_seconds=max(age, 0.0),
            coverage=float(self.coverage[row]),
            evidence=evidence_of(self._facts(row), self.parameters),
        )

    def hour_trend(self, row: int) -> float | None:
        """Trend of the 1h candles in [-1, 1], None where it is unknown."""
        strength = float(self.explanation.others[row, 0])
        return None if math.isnan(strength) else strength

    def _facts(self, row: int) -> RowFacts:
        told = self.explanation
        return RowFacts(
            components=self.components[row].tolist(),
            values=told.values[row].tolist(),
            events=told.events[row].tolist(),
            touches=float(told.touches[row]),
            backdrop=float(told.backdrop[row]),
            rising=told.rising[row].tolist(),
            falling=told.falling[row].tolist(),
            multiplier=float(told.multiplier[row]),
            others=told.others[row].tolist(),
        )


def by_row(values: Floats) -> Floats:
    """Turn (kinds, rows, pairs) into (rows, kinds), as the arrays of the scores are laid out."""
    return values.reshape(len(values), -1).T


def joined(parts: Sequence[TechnicalScores]) -> TechnicalScores:
    """Rows of several scores, one after the other; all with the same parameters."""
    return TechnicalScores(
        parameters=parts[0].parameters,
        explanation=Explanation(
            **_concatenated([part.explanation for part in parts], ()),
        ),
        **_concatenated(parts, ("parameters", "explanation")),
    )


def reordered(scores: TechnicalScores, order: Sequence[int]) -> TechnicalScores:
    """Row i of the answer is row `order[i]` of the scores."""
    chosen = np.asarray(order, dtype=np.int64)
    told = scores.explanation
    return TechnicalScores(
        parameters=scores.parameters,
        explanation=Explanation(
            **{each.name: getattr(told, each.name)[chosen] for each in fields(told)}
        ),
        **{
            each.name: getattr(scores, each.name)[chosen]
            for each in fields(scores)
            if each.name not in {"parameters", "explanation"}
        },
    )


def _concatenated(parts: Sequence[Any], left_out: Sequence[str]) -> dict[str, Any]:
    return {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(parts[0])
        if each.name not in left_out
    }
