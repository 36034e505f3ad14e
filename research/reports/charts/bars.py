"""Bars side by side: months in their order, or how often each result came."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from research.reports.charts.plot import (
    WIDTH,
    draw_labels_below,
    draw_title_below,
    draw_upward_axis,
    plot_of,
)
from research.reports.charts.scales import range_of
from research.reports.charts.svg import Drawing, Svg

_HEIGHT: Final = 260.0
_FULL: Final = 0.76
"""Share of its place that a bar fills."""

_LETTER: Final = 7.0
_GAP: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: `kind` is its colour (gain, loss, thin), `hint` says all about it."""

    label: str
    value: float
    kind: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """What a bar chart shows and what its axes mean.

    In a histogram a bar's label says where it begins, and values are whole numbers.
    """

    name: str
    title: str
    description: str
    across: str
    upwards: str
    is_histogram: bool = False


def draw_bars(chart: BarChart, bars: Sequence[Bar]) -> Svg:
    """Bars from 0 up or down; labels are left out where there are too many to read."""
    drawing = Drawing(
        chart.name, title=chart.title, description=chart.description, width=WIDTH, height=_HEIGHT
    )
    plot = plot_of(WIDTH, _HEIGHT)
    scale = plot.upwards(*range_of(bar.value for bar in bars))
    draw_upward_axis(drawing, plot, scale, chart.upwards, is_whole=chart.is_histogram)
    place = (plot.right - plot.left) / max(1, len(bars))
    for position, bar in enumerate(bars):
        left = plot.left + (position + 0.5 - _FULL / 2) * place
        corner, opposite = (left, scale.at(bar.value)), (left + place * _FULL, scale.at(0.0))
        drawing.box(bar.kind, corner, opposite, bar.hint)
    draw_labels_below(drawing, plot, _labels(chart, plot.left, place, bars))
    draw_title_below(drawing, plot, chart.across)
    return drawing.finish()


def _labels(chart: BarChart, left: float, place: float, bars: Sequence[Bar]) -> dict[float, str]:
    """As many as there is room for, by the longest of them."""
    longest = max((len(bar.label) for bar in bars), default=0) * _LETTER + _GAP
    every = math.ceil(longest / place)
    offset = 0.0 if chart.is_histogram else 0.5
    return {
        left + (position + offset) * place: bar.label
        for position, bar in enumerate(bars)
        if position % every == 0
    }
