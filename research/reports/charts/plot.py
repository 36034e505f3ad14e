"""The frame of a chart: where its values go, grid lines, numbers and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from research.reports.charts.scales import Scale, round_ticks
from research.reports.charts.svg import Drawing

WIDTH: Final = 440.0
"""Width of a chart that stands beside another; a wide one has `WIDE`."""

WIDE: Final = 720.0

LEFT: Final = 52.0
"""Room for the numbers of an axis."""

RIGHT: Final = 12.0
TOP: Final = 26.0
BOTTOM: Final = 40.0

_GAP: Final = 6.0
_HALF_LINE: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """The part of a drawing that values are drawn in, edges in its units."""

    left: float
    top: float
    right: float
    bottom: float

    def across(self, low: float, high: float) -> Scale:
        """Values from the left edge to the right one."""
        return Scale(low=low, high=high, start=self.left, end=self.right)

    def upwards(self, low: float, high: float) -> Scale:
        """Values from the lower edge to the upper one."""
        return Scale(low=low, high=high, start=self.bottom, end=self.top)


def plot_of(width: float, height: float, *, left: float = LEFT) -> Plot:
    """The plot of a drawing of this size, with room for both axes around it."""
    return Plot(left=left, top=TOP, right=width - RIGHT, bottom=height - BOTTOM)


def draw_upward_axis(
    drawing: Drawing,
    plot: Plot,
    scale: Scale,
    title: str,
    *,
    most: int = 6,
    is_whole: bool = False,
) -> None:
    """Grid lines with their numbers on the left, the meaning above; the line of 0 stands out."""
    for value, label in round_ticks(scale.low, scale.high, most, is_whole=is_whole).items():
        y = scale.at(value)
        drawing.line("zero" if value == 0 else "grid", (plot.left, y), (plot.right, y))
        drawing.words("tick", (plot.left - _GAP, y + _HALF_LINE), label, "end")
    drawing.words("axis", (_GAP, plot.top - 2 * _GAP), title)


def draw_across_axis(drawing: Drawing, plot: Plot, scale: Scale, title: str, most: int = 7) -> None:
    """Grid lines with their numbers below, the meaning under them."""
    labels = {
        scale.at(value): label for value, label in round_ticks(scale.low, scale.high, most).items()
    }
    zero = scale.at(0.0)
    for x in labels:
        drawing.line("zero" if x == zero else "grid", (x, plot.top), (x, plot.bottom))
    draw_labels_below(drawing, plot, labels)
    draw_title_below(drawing, plot, title)


def draw_labels_below(drawing: Drawing, plot: Plot, labels: Mapping[float, str]) -> None:
    """Words centred under their places."""
    for x, label in labels.items():
        drawing.words("tick", (x, plot.bottom + 15), label, "middle")


def draw_title_below(drawing: Drawing, plot: Plot, title: str) -> None:
    """What the axis below means."""
    drawing.words("axis", ((plot.left + plot.right) / 2, plot.bottom + 33), title, "middle")
