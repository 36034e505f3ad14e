"""How far each trade went against its holder, and how far for them: one mark a trade."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from research.reports.charts.plot import (
    WIDTH,
    draw_across_axis,
    draw_upward_axis,
    plot_of,
)
from research.reports.charts.scales import Scale, range_of
from research.reports.charts.svg import Drawing, Svg

_HEIGHT: Final = 300.0
_RADIUS: Final = 2.6


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcursionMark:
    """A trade's largest move against and for its holder in R, both >= 0."""

    adverse_r: float
    favourable_r: float
    is_win: bool
    hint: str


def draw_excursions(marks: Sequence[ExcursionMark], description: str) -> Svg:
    """Winners as dots, losers as crosses: told apart without colour as well."""
    drawing = Drawing(
        "excursions",
        title="Against and for the holder before the end",
        description=description,
        width=WIDTH,
        height=_HEIGHT,
    )
    plot = plot_of(WIDTH, _HEIGHT)
    across = plot.across(*range_of(mark.adverse_r for mark in marks))
    upwards = plot.upwards(*range_of(mark.favourable_r for mark in marks))
    draw_upward_axis(drawing, plot, upwards, "Largest move for the holder (MFE), R")
    draw_across_axis(drawing, plot, across, "Largest move against the holder (MAE), R")
    for mark in marks:
        _draw_mark(drawing, mark, across, upwards)
    return drawing.finish()


def _draw_mark(drawing: Drawing, mark: ExcursionMark, across: Scale, upwards: Scale) -> None:
    middle = (across.at(mark.adverse_r), upwards.at(mark.favourable_r))
    if mark.is_win:
        drawing.dot("win", middle, _RADIUS, mark.hint)
    else:
        drawing.cross("lost", middle, _RADIUS, mark.hint)
