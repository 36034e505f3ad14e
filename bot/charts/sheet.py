"""The sheet that pictures of the track record share: words on top, a frame, values at the left."""

from typing import Final

from bot.charts.canvas import Canvas
from bot.charts.palette import FAINT_TEXT, FRAME, GRID, TEXT, ZERO, Colour
from bot.charts.scales import Area, PriceScale
from bot.charts.ticks import price_ticks

WIDTH: Final = 1000
HEIGHT: Final = 600
AREA: Final = Area(left=104, top=118, right=976, bottom=524)

AXIS_SIZE: Final = 22
"""On a telephone the picture is shown at about 40 % of its size."""

_TITLE_SIZE: Final = 32
_TITLE_ROW: Final = 38
_SUBTITLE_ROW: Final = 84
_AXIS_ROW: Final = 549
_NOTE_ROW: Final = 580
_VALUE_TICKS: Final = 6


def open_sheet(title: str, subtitle: str, result: str = "", colour: Colour = TEXT) -> Canvas:
    """A canvas with a title, a line below it, and the one figure that matters at the right."""
    canvas = Canvas(WIDTH, HEIGHT)
    taken = canvas.text_width(result, _TITLE_SIZE)
    canvas.text((AREA.right, _TITLE_ROW), result, _TITLE_SIZE, colour, "rm")
    room = AREA.right - 24 - 20 - taken
    size = canvas.fitting_size(title, _TITLE_SIZE, room)
    canvas.text((24, _TITLE_ROW), title, size, TEXT, "lm")
    size = canvas.fitting_size(subtitle, AXIS_SIZE, AREA.right - 24)
    canvas.text((24, _SUBTITLE_ROW), subtitle, size, FAINT_TEXT, "lm")
    return canvas


def draw_values(canvas: Canvas, scale: PriceScale, unit: str, *, is_signed: bool = False) -> None:
    """Round values at the left, each with a faint line; the line of 0 is stronger."""
    for value, label in price_ticks(scale.low, scale.high, _VALUE_TICKS).items():
        row = scale.row(value)
        canvas.line((AREA.left, row), (AREA.right, row), GRID if value else ZERO)
        sign = "+" if is_signed and value > 0 else ""
        words = f"{sign}{label}{unit}".replace("-", "−")
        size = canvas.fitting_size(words, AXIS_SIZE, AREA.left - 16)
        canvas.text((AREA.left - 8, row), words, size, FAINT_TEXT, "rm")


def draw_place(
    canvas: Canvas, column: int, words: str, *, note: str = "", room: int = WIDTH
) -> None:
    """Words below a column, moved inwards at the edges of the sheet; a note below them."""
    for text, row in ((words, _AXIS_ROW), (note, _NOTE_ROW)):
        size = canvas.fitting_size(text, AXIS_SIZE, room)
        half = canvas.text_width(text, size) // 2
        middle = min(max(column, half + 4), WIDTH - half - 4)
        canvas.text((middle, row), text, size, FAINT_TEXT, "mm")


def draw_note(canvas: Canvas, words: str) -> None:
    """A line at the foot, in the middle."""
    canvas.text((WIDTH // 2, _NOTE_ROW), words, AXIS_SIZE, FAINT_TEXT, "mm")


def draw_frame(canvas: Canvas) -> None:
    """The outline of the drawn area."""
    canvas.frame(AREA.left, AREA.top, AREA.right, AREA.bottom, FRAME)
