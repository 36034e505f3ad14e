"""What one indicator says of every row."""

from dataclasses import dataclass

from layers.technical.shapes import Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reading:
    """Value, distance from neutral, and event of one indicator; all of shape (rows, pairs).

    `value` is the raw reading, `distance` its bullishness - 50, `event` the strength of what
    happened, signed like bullishness, for the words: a cross, a divergence, a touch. NaN where
    unknown.
    """

    value: Floats
    distance: Floats
    event: Floats
