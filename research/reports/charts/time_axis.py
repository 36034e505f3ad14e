"""Time from left to right, and levels that hold until the next result is known."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from research.reports.charts.plot import Plot, draw_labels_below, draw_title_below
from research.reports.charts.scales import Scale, time_ticks
from research.reports.charts.svg import Drawing, Point

_MOST_TICKS: Final = 8


def time_scale(plot: Plot, start: datetime, end: datetime) -> Scale:
    """Seconds since the epoch, from edge to edge; at least an hour."""
    return plot.across(start.timestamp(), max(end, start + timedelta(hours=1)).timestamp())


def draw_time_axis(drawing: Drawing, plot: Plot, times: Scale) -> None:
    """Round times below the plot."""
    start, end = (datetime.fromtimestamp(edge, UTC) for edge in (times.low, times.high))
    ticks = time_ticks(start, end, _MOST_TICKS)
    labels = {times.at(at.timestamp()): label for at, label in ticks.items()}
    draw_labels_below(drawing, plot, labels)
    draw_title_below(drawing, plot, "Time, UTC")


def steps_through(points: Sequence[Point]) -> list[Point]:
    """A result counts from when it is known: a level until then, then a jump."""
    jumps = [corner for (_, y), (x, then) in pairwise(points) for corner in ((x, y), (x, then))]
    return [points[0], *jumps]
