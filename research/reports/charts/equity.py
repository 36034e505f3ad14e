"""The course of the account with its falls below: two plots on one axis of time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from engine.backtest.metrics.values import CurvePoint
from research.reports.charts.plot import (
    TOP,
    WIDE,
    Plot,
    draw_upward_axis,
    plot_of,
)
from research.reports.charts.scales import Scale, range_of
from research.reports.charts.svg import Drawing, Svg
from research.reports.charts.time_axis import draw_time_axis, steps_through, time_scale

_HEIGHT: Final = 380.0
_FALL_HEIGHT: Final = 84.0
_LEFT: Final = 60.0
_GAP: Final = 12.0
"""More room between both plots than a title needs."""


def draw_equity(course: Sequence[CurvePoint], end: datetime, *, description: str) -> Svg:
    """Steps from one result to the next, from the first point (the start, at 0) to `end`."""
    drawing = Drawing(
        "equity", title="Equity and drawdown", description=description, width=WIDE, height=_HEIGHT
    )
    whole = plot_of(WIDE, _HEIGHT, left=_LEFT)
    edge = whole.bottom - _FALL_HEIGHT
    upper = Plot(left=whole.left, right=whole.right, top=whole.top, bottom=edge - TOP - _GAP)
    lower = Plot(left=whole.left, right=whole.right, top=edge, bottom=whole.bottom)
    times = time_scale(whole, course[0].at, max(end, course[-1].at))
    _draw_total(drawing, upper, times, course)
    _draw_falls(drawing, lower, times, course)
    draw_time_axis(drawing, whole, times)
    return drawing.finish()


def _draw_total(drawing: Drawing, plot: Plot, times: Scale, course: Sequence[CurvePoint]) -> None:
    scale = plot.upwards(*range_of(point.total_percent for point in course))
    draw_upward_axis(drawing, plot, scale, "Sum of results, % of equity")
    steps = steps_through(
        [(times.at(each.at.timestamp()), scale.at(each.total_percent)) for each in course]
    )
    drawing.polyline("line", [*steps, (plot.right, steps[-1][1])])


def _draw_falls(drawing: Drawing, plot: Plot, times: Scale, course: Sequence[CurvePoint]) -> None:
    deepest = max(point.drawdown_percent for point in course) or 1.0
    scale = plot.upwards(*range_of([-deepest]))
    draw_upward_axis(drawing, plot, scale, "Below the highest so far, % of equity", most=3)
    steps = steps_through(
        [(times.at(each.at.timestamp()), scale.at(-each.drawdown_percent)) for each in course]
    )
    zero = scale.at(0.0)
    outline = [(plot.left, zero), *steps, (plot.right, steps[-1][1]), (plot.right, zero)]
    drawing.polygon("fall", outline)
