"""One interval on a line of a table: where it lies beside the value that would say nothing."""

from typing import Final

from engine.backtest.metrics.values import Estimate
from research.reports.charts.scales import Scale
from research.reports.charts.svg import Drawing, Svg

_WIDTH: Final = 130.0
_HEIGHT: Final = 16.0
_EDGE: Final = 8.0
_RADIUS: Final = 3.4


def draw_strip(name: str, words: str, estimate: Estimate, nothing: float | None) -> Svg | None:
    """A dot on its interval and an upright mark at `nothing`; None without a value.

    An end that lies open runs to the edge.
    """
    if estimate.value is None:
        return None
    drawing = Drawing(name, title=words, description=words, width=_WIDTH, height=_HEIGHT)
    scale = _scale(estimate, nothing)
    middle = _HEIGHT / 2
    if estimate.low is not None or estimate.high is not None:
        left = 0.0 if estimate.low is None else scale.at(estimate.low)
        right = _WIDTH if estimate.high is None else scale.at(estimate.high)
        drawing.line("interval sound", (left, middle), (right, middle))
    if nothing is not None:
        drawing.line("reference", (scale.at(nothing), 1), (scale.at(nothing), _HEIGHT - 1))
    drawing.dot("mean sound", (scale.at(estimate.value), middle), _RADIUS)
    return drawing.finish()


def _scale(estimate: Estimate, nothing: float | None) -> Scale:
    shown = [
        each for each in (estimate.low, estimate.value, estimate.high, nothing) if each is not None
    ]
    low, high = min(shown), max(shown)
    reach = (high - low) or 1.0
    return Scale(low=low, high=low + reach, start=_EDGE, end=_WIDTH - _EDGE)
