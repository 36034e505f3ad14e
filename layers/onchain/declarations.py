"""How this layer declares amounts of dollars, and the signed shape that its scores share."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from domain.directions import NEUTRAL
from domain.parameters import parameter
from layers.declarations import CHOICE
from layers.shapes import Anchor


def usd(default: float, doc: str, source: str = CHOICE, *, low: float = 1.0) -> Any:
    """An amount of dollars."""
    return parameter(default, doc=doc, unit="USD", source=source, low=low, high=1e12)


def signed_distance(value: float, anchors: Sequence[Anchor]) -> float:
    """Distance from neutral that a value stands for; its negative mirrors it.

    `anchors` rise from the size that still says nothing to the one that says most; lines join them.
    """
    sizes, bullishness = zip(*anchors, strict=True)
    return math.copysign(float(np.interp(abs(value), sizes, bullishness)) - NEUTRAL, value)
