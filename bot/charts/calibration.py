"""The calibration picture: whether trades with a higher score really did better."""

from collections.abc import Sequence
from typing import Final

from bot.charts.canvas import Canvas
from bot.charts.palette import FAINT_TEXT, TARGET, TEXT
from bot.charts.scales import PriceScale
from bot.charts.sheet import AREA, AXIS_SIZE, draw_frame, draw_place, draw_values, open_sheet
from bot.presenters.figures import count, percent
from engine.statistics.values import FEW, CalibrationBand

_TITLE: Final = "Did higher scores do better?"
_SUBTITLE: Final = f"Trades that reached TP1, by score. Bar: 95% range. Grey: under {FEW} trades."
_BAR_WIDTH: Final = 4
_CAP: Final = 14
_DOT: Final = 10
_LOW, _HIGH = -4.0, 114.0


def draw_calibration(bands: Sequence[CalibrationBand]) -> bytes:
    """A PNG of at least one band. Takes CPU: call it off the event loop."""
    canvas = open_sheet(_TITLE, _SUBTITLE)
    scale = PriceScale(area=AREA, low=_LOW, high=_HIGH)
    draw_values(canvas, scale, "%")
    for number, band in enumerate(bands):
        room = AREA.width // len(bands)
        column = round(AREA.left + (number + 0.5) * room)
        trades = count(band.reached_target.of)
        draw_place(canvas, column, f"{band.low}–{band.high}", note=f"n = {trades}", room=room - 8)
        _draw_band(canvas, scale, band, column)
    draw_frame(canvas)
    return canvas.to_png()


def _draw_band(canvas: Canvas, scale: PriceScale, band: CalibrationBand, column: int) -> None:
    rate = band.reached_target
    if rate.percent is None or rate.low_percent is None or rate.high_percent is None:
        return
    colour = FAINT_TEXT if rate.is_thin else TARGET
    top, bottom = scale.row(rate.high_percent), scale.row(rate.low_percent)
    canvas.line((column, top), (column, bottom), colour, _BAR_WIDTH)
    for row in (top, bottom):
        canvas.line((column - _CAP, row), (column + _CAP, row), colour, _BAR_WIDTH)
    canvas.dot((column, scale.row(rate.percent)), _DOT, colour)
    canvas.text((column, top - _DOT - 4), percent(rate.percent), AXIS_SIZE, TEXT, "mb")
