"""The R histogram: how many trades ended how well or how badly."""

from collections.abc import Sequence
from typing import Final

from bot.charts.canvas import Canvas
from bot.charts.palette import FALLING, RISING, TEXT
from bot.charts.scales import PriceScale
from bot.charts.sheet import (
    AREA,
    AXIS_SIZE,
    draw_frame,
    draw_note,
    draw_place,
    draw_values,
    open_sheet,
)
from bot.presenters.figures import count, signed_r
from engine.statistics.values import Performance, ResultBin

_TITLE: Final = "How trades ended"
_NOTE: Final = "R: the distance from the entry to the first stop"
_GAP: Final = 3
_MARGIN: Final = 1.15
_LOWEST_TOP: Final = 6.0
"""The axis counts trades: with so many at the least its steps are whole ones."""


def draw_r_histogram(bins: Sequence[ResultBin], performance: Performance) -> bytes:
    """A PNG of bins without a gap, lowest first. Takes CPU: call it off the event loop."""
    mean = performance.expectancy_r
    canvas = open_sheet(_TITLE, _subtitle(performance), f"{signed_r(mean)} each" if mean else "")
    most = max(each.count for each in bins)
    scale = PriceScale(area=AREA, low=0.0, high=max(most * _MARGIN, _LOWEST_TOP))
    draw_values(canvas, scale, "")
    for number, each in enumerate(bins):
        left, right = _column(number, len(bins)), _column(number + 1, len(bins))
        _draw_bar(canvas, scale, each, left + _GAP, right - _GAP)
        _draw_edge(canvas, each, left)
    draw_note(canvas, _NOTE)
    draw_frame(canvas)
    return canvas.to_png()


def _subtitle(performance: Performance) -> str:
    won = performance.wins.count
    lost = performance.wins.of - won
    return f"Number of trades by result after costs: {count(won)} won, {count(lost)} lost"


def _column(number: int, of: int) -> int:
    return round(AREA.left + number * AREA.width / of)


def _draw_edge(canvas: Canvas, each: ResultBin, column: int) -> None:
    if each.low is not None and each.low == each.low.to_integral_value():
        words = f"{each.low:+.0f}R" if each.low else "0"
        draw_place(canvas, column, words.replace("-", "−"))


def _draw_bar(canvas: Canvas, scale: PriceScale, each: ResultBin, left: int, right: int) -> None:
    if not each.count:
        return
    has_lost = each.low is None or each.low < 0
    top = scale.row(each.count)
    canvas.box(left, AREA.bottom, right, top, FALLING if has_lost else RISING)
    canvas.text(((left + right) // 2, top - 4), count(each.count), AXIS_SIZE, TEXT, "mb")
