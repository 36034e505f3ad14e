"""What one component of the layer says, before it is weighed."""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

from domain.directions import NEUTRAL
from layers.shapes import clip

SLIGHT: Final = 2.5
"""Points of bullishness that are too few to be told in words."""

_PARTS_TOLD: Final = 2


class Component(NamedTuple):
    """Raw reading, distance from neutral in [-50, 50], share of its data in [0, 1], and words.

    The value is None, the distance and the coverage 0, where nothing is known.
    """

    value: float | None
    distance: float
    coverage: float
    text: str


class Part(NamedTuple):
    """One of several things that a component adds up: points of bullishness, and words."""

    push: float
    text: str


def known(label: str, value: float, distance: float, text: str, coverage: float = 1.0) -> Component:
    """A component with data; its distance is cut to what bullishness can express.

    Numbers that are not finite, which no reading should hold, count as not known.
    """
    if not math.isfinite(value + distance + coverage):
        return not_known(label, "not a number")
    return Component(value, clip(distance, -NEUTRAL, NEUTRAL), coverage, text)


def not_known(label: str, reason: str = "") -> Component:
    """A component without data, in words: "Order book not known: crossed"."""
    return Component(None, 0.0, 0.0, f"{label} not known{': ' if reason else ''}{reason}")


def strongest(parts: Iterable[Part], distance: float) -> str:
    """The words of the parts that push the way the whole does, the strongest first, at most two.

    Empty where no part pushes far enough to be told.
    """
    pushing = [part for part in parts if part.push * distance > 0.0 and abs(part.push) >= SLIGHT]
    pushing.sort(key=lambda part: -abs(part.push))
    return "; ".join(part.text for part in pushing[:_PARTS_TOLD])
