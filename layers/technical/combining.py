"""Ten readings and three timeframes into one bullishness and a direction."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.directions import NEUTRAL
from layers.technical.multi_timeframe import OtherTimeframes, covered, multiplier
from layers.technical.parameters import TechnicalParameters
from layers.technical.reading import Reading
from layers.technical.scores import Integers
from layers.technical.shapes import Floats, total


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Combined:
    """The combined answer; (rows, pairs), `values` and `components` (10, rows, pairs).

    Unknown readings have the value NaN and the component 50.
    """

    values: Floats
    components: Floats
    coverage: Floats
    multiplier: Floats
    bullishness: Floats
    for_long: Integers
    for_short: Integers
    signs: Integers


def combine(
    readings: Sequence[Reading], others: OtherTimeframes, parameters: TechnicalParameters
) -> Combined:
    """Weigh the readings, stretch their distance from neutral, and say which way it leans."""
    values, distances, is_known = _known(readings)
    shares = parameters.weights.shares()
    raw = _weighted(shares, distances)
    factor = multiplier(np.sign(raw), others, parameters.timeframes)
    distance = _within_range(raw * factor)
    supporting = parameters.supporting_above - NEUTRAL
    for_long = (distances > supporting).sum(axis=0)
    for_short = (distances < -supporting).sum(axis=0)
    leaning, needed = parameters.direction_above - NEUTRAL, parameters.minimum_supporting
    is_long = (distance > leaning) & (for_long >= needed)
    is_short = (distance < -leaning) & (for_short >= needed)
    return Combined(
        values=values,
        components=NEUTRAL + distances,
        coverage=_weighted(shares, is_known) * covered(others, parameters.timeframes),
        multiplier=factor,
        bullishness=NEUTRAL + distance,
        for_long=for_long,
        for_short=for_short,
        signs=is_long.astype(np.int64) - is_short,
    )


def _known(readings: Sequence[Reading]) -> tuple[Floats, Floats, Floats]:
    """Values and distances with what is unknown made neutral, and 1 where known, else 0."""
    values = np.array([reading.value for reading in readings])
    distances = np.array([reading.distance for reading in readings])
    is_known = np.isfinite(values) & np.isfinite(distances)
    return (
        np.where(is_known, values, np.nan),
        np.where(is_known, _within_range(distances), 0.0),
        is_known.astype(np.float64),
    )


def _within_range(distances: Floats) -> Floats:
    return np.minimum(np.maximum(distances, -NEUTRAL), NEUTRAL)


def _weighted(shares: Sequence[float], values: Floats) -> Floats:
    return total(share * value for share, value in zip(shares, values, strict=True))
