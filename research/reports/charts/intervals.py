"""Means with their confidence intervals, a row each: what is near 0 is seen to be near 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from research.reports.charts.plot import BOTTOM, RIGHT, TOP, WIDTH, Plot, draw_across_axis
from research.reports.charts.scales import Scale
from research.reports.charts.svg import Drawing, Svg, shortened

_ROW: Final = 19.0
_NAMES: Final = 104.0
_COLUMN: Final = 52.0
_RADIUS: Final = 3.4


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRow:
    """One group: its value and interval where there are any, and what stands beside them."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    beside: tuple[str, ...]
    hint: str
    is_thin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalChart:
    """What the rows are and what their values mean; `beside` names the columns on the right.

    Values lie from `low` to `high`. `reference` is the value of everything together, a dashed line;
    None draws none.
    """

    name: str
    title: str
    description: str
    across: str
    beside: tuple[str, ...]
    low: float
    high: float
    reference: float | None


def draw_intervals(chart: IntervalChart, rows: Sequence[IntervalRow]) -> Svg:
    """A dot at each value, a line over its interval; thin groups are hollow and grey."""
    height = TOP + _ROW * max(1, len(rows)) + BOTTOM
    drawing = Drawing(
        chart.name, title=chart.title, description=chart.description, width=WIDTH, height=height
    )
    right = WIDTH - RIGHT - _COLUMN * len(chart.beside)
    plot = Plot(left=_NAMES, top=TOP, right=right, bottom=height - BOTTOM)
    scale = plot.across(chart.low, chart.high)
    draw_across_axis(drawing, plot, scale, chart.across, most=5)
    if chart.reference is not None:
        x = scale.at(chart.reference)
        drawing.line("reference", (x, plot.top), (x, plot.bottom))
    _draw_beside(drawing, plot, "axis", chart.beside, TOP - 10)
    for position, row in enumerate(rows):
        _draw_row(drawing, plot, scale, row, plot.top + (position + 0.5) * _ROW)
    return drawing.finish()


def _draw_row(drawing: Drawing, plot: Plot, scale: Scale, row: IntervalRow, y: float) -> None:
    kind = "thin" if row.is_thin else "sound"
    drawing.words(f"name {kind}", (_NAMES - 8, y + 4), shortened(row.label), "end")
    _draw_beside(drawing, plot, f"name {kind}", row.beside, y + 4)
    if row.low is not None and row.high is not None:
        drawing.line(f"interval {kind}", (scale.at(row.low), y), (scale.at(row.high), y))
    if row.value is not None:
        drawing.dot(f"mean {kind}", (scale.at(row.value), y), _RADIUS, row.hint)


def _draw_beside(
    drawing: Drawing, plot: Plot, kind: str, words: Sequence[str], baseline: float
) -> None:
    for position, each in enumerate(words, start=1):
        drawing.words(kind, (plot.right + position * _COLUMN, baseline), each, "end")
