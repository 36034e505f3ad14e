"""The equity curve: results summed up over time, and how far below the earlier high they stood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Final

from bot.charts.canvas import Canvas
from bot.charts.palette import DRAWDOWN, FALLING, GRID, RISING
from bot.charts.scales import PriceScale
from bot.charts.sheet import AREA, AXIS_SIZE, draw_frame, draw_place, draw_values, open_sheet
from bot.charts.ticks import instant_label, instant_ticks
from bot.presenters.figures import signed_r
from domain.timeframes import to_ms
from engine.statistics.values import EquityPoint

_TITLE: Final = "Results of all trades, summed up in R"
_SUBTITLE: Final = "After costs. Red: below an earlier high."
_LINE_WIDTH: Final = 4
_MOST_TIMES: Final = 6
_MARGIN: Final = 0.08
_LEAST_RANGE: Final = 1.0


def draw_equity(points: Sequence[EquityPoint], start: datetime, end: datetime) -> bytes:
    """A PNG of at least one point, all of them in [start, end]. Takes CPU: call it off the loop."""
    total = points[-1].total_r
    canvas = open_sheet(_TITLE, _SUBTITLE, signed_r(total), RISING if total > 0 else FALLING)
    totals = [0.0, *(float(point.total_r) for point in points)]
    span = _Span(start_ms=to_ms(min(start, points[0].at)), end_ms=to_ms(max(end, points[-1].at)))
    edges = [span.start_ms, *(to_ms(point.at) for point in points), span.end_ms]
    columns = [span.column(edge) for edge in edges]
    scale = _scale(totals)
    _draw_falls(canvas, scale, totals, columns)
    draw_values(canvas, scale, "R", is_signed=True)
    _draw_times(canvas, span)
    _draw_steps(canvas, scale, totals, columns)
    draw_frame(canvas)
    return canvas.to_png()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Instants to columns."""

    start_ms: int
    end_ms: int

    def column(self, at_ms: int) -> int:
        """The column of an instant."""
        share = (at_ms - self.start_ms) / max(1, self.end_ms - self.start_ms)
        return round(AREA.left + share * AREA.width)


def _scale(totals: Sequence[float]) -> PriceScale:
    low, high = min(totals), max(totals)
    margin = max((high - low) * _MARGIN, (_LEAST_RANGE - (high - low)) / 2)
    return PriceScale(area=AREA, low=low - margin, high=high + margin)


def _draw_falls(
    canvas: Canvas, scale: PriceScale, totals: Sequence[float], columns: Sequence[int]
) -> None:
    highs = accumulate(totals, max)
    for total, high, (left, right) in zip(totals, highs, pairwise(columns), strict=True):
        if total < high:
            canvas.box(left, scale.row(high), right, scale.row(total), DRAWDOWN)


def _draw_steps(
    canvas: Canvas, scale: PriceScale, totals: Sequence[float], columns: Sequence[int]
) -> None:
    rows = [scale.row(total) for total in totals]
    for row, (left, right) in zip(rows, pairwise(columns), strict=True):
        canvas.line((left, row), (right, row), RISING, _LINE_WIDTH)
    half = _LINE_WIDTH // 2
    for (before, after), column in zip(pairwise(rows), columns[1:-1], strict=True):
        top, bottom = sorted((before, after))
        canvas.line((column, top - half + 1), (column, bottom + half), RISING, _LINE_WIDTH)


def _draw_times(canvas: Canvas, span: _Span) -> None:
    last_right = 0
    for at in instant_ticks(span.start_ms, span.end_ms, _MOST_TIMES):
        column = span.column(to_ms(at))
        canvas.line((column, AREA.top), (column, AREA.bottom), GRID)
        words = instant_label(at, span.end_ms - span.start_ms)
        half = canvas.text_width(words, AXIS_SIZE) // 2
        if column - half > last_right:
            draw_place(canvas, column, words)
            last_right = column + half
