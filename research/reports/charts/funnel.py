"""What became of all decisions: one bar a step, each with its number and its share of the last."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from research.reports.charts.plot import RIGHT, WIDTH
from research.reports.charts.svg import Drawing, Svg

_ROW: Final = 46.0
_LEFT: Final = 8.0
_BAR: Final = 18.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """How many came this far; `words` is the number and what it is of the step before."""

    label: str
    count: int
    words: str


def draw_funnel(steps: Sequence[FunnelStep], description: str) -> Svg:
    """Bars whose length is the logarithm of the number: the last of 100 000 is still to be seen."""
    drawing = Drawing(
        "funnel",
        title="From decisions to trades",
        description=description,
        width=WIDTH,
        height=_ROW * max(1, len(steps)) + 12,
    )
    widest = max((_length(step.count) for step in steps), default=0.0) or 1.0
    for position, step in enumerate(steps):
        top = 20 + position * _ROW
        length = _length(step.count) / widest * (WIDTH - _LEFT - RIGHT)
        drawing.words("name", (_LEFT, top - 5), f"{step.label}: {step.words}")
        drawing.box("step", (_LEFT, top), (_LEFT + length, top + _BAR), step.words)
    return drawing.finish()


def _length(count: int) -> float:
    return math.log10(1 + max(0, count))
