"""Courses of results on one axis of time: told apart by dashes as well as by colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from research.reports.charts.plot import RIGHT, WIDE, draw_upward_axis, plot_of
from research.reports.charts.scales import range_of
from research.reports.charts.svg import Drawing, Svg, shortened
from research.reports.charts.time_axis import draw_time_axis, steps_through, time_scale

_HEIGHT: Final = 300.0
_LEFT: Final = 60.0
_KINDS: Final = ("line", "line other")
_LEGEND: Final = 150.0
_DASH: Final = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Sums of results in percent of equity, each from the instant on that it was known."""

    name: str
    points: tuple[tuple[datetime, float], ...]


def draw_curves(title: str, curves: Sequence[Curve], description: str) -> Svg:
    """One or two courses, each from its first trade on; none is empty."""
    drawing = Drawing("curves", title=title, description=description, width=WIDE, height=_HEIGHT)
    plot = plot_of(WIDE, _HEIGHT, left=_LEFT)
    points = [point for curve in curves for point in curve.points]
    instants = [at for at, _ in points]
    times = time_scale(plot, min(instants), max(instants))
    totals = plot.upwards(*range_of(total for _, total in points))
    draw_upward_axis(drawing, plot, totals, "Sum of results, % of equity")
    draw_time_axis(drawing, plot, times)
    for position, (kind, curve) in enumerate(zip(_KINDS, curves, strict=False)):
        places = [(times.at(at.timestamp()), totals.at(total)) for at, total in curve.points]
        drawing.polyline(kind, steps_through(places))
        _draw_legend(drawing, kind, curve.name, WIDE - RIGHT - _LEGEND * (2 - position))
    return drawing.finish()


def _draw_legend(drawing: Drawing, kind: str, name: str, left: float) -> None:
    drawing.polyline(kind, [(left, 12), (left + _DASH, 12)])
    drawing.words("name", (left + _DASH + 6, 16), shortened(name))
