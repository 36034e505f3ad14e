"""A drawing surface with the few strokes a chart needs: text, dashes, tags, diamonds."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.charts.palette import BACKGROUND, Colour

_FONT_FILE: Final = Path(__file__).parent.parent / "fonts" / "DejaVuSans.ttf"
_DASH: Final = 7
_GAP: Final = 5
_SMALLEST_SIZE: Final = 8
_PNG_COMPRESSION: Final = 6


class Canvas:
    """An image and its pen. Fonts are opened per canvas, so that threads share nothing."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), BACKGROUND)
        self._pen = ImageDraw.Draw(self.image)
        self._fonts: dict[int, ImageFont.FreeTypeFont] = {}

    def text(self, at: tuple[int, int], words: str, size: int, colour: Colour, anchor: str) -> None:
        """Write; `anchor` is Pillow's two letters for what of the text stands at `at`."""
        self._pen.text(at, words, fill=colour, font=self._font(size), anchor=anchor)

    def text_width(self, words: str, size: int) -> int:
        """Columns that a text takes."""
        return round(self._font(size).getlength(words))

    def fitting_size(self, words: str, size: int, width: int) -> int:
        """The size at which a text fits a width: `size`, or as much smaller as it has to be."""
        while size > _SMALLEST_SIZE and self.text_width(words, size) > width:
            size -= 1
        return size

    def box(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """Fill a rectangle, edges included; the edges may be given in any order of height."""
        self._pen.rectangle((left, min(top, bottom), right, max(top, bottom)), fill=colour)

    def frame(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """Draw the outline of a rectangle."""
        self._pen.rectangle((left, top, right, bottom), outline=colour)

    def line(
        self, start: tuple[int, int], end: tuple[int, int], colour: Colour, width: int = 1
    ) -> None:
        """Draw a line, one pixel wide unless told otherwise."""
        self._pen.line((start, end), fill=colour, width=width)

    def dashes(self, row: int, left: int, right: int, colour: Colour) -> None:
        """Draw a dashed horizontal line."""
        for column in range(left, right, _DASH + _GAP):
            self._pen.line(((column, row), (min(column + _DASH, right), row)), fill=colour)

    def dot(self, at: tuple[int, int], radius: int, colour: Colour) -> None:
        """Mark a point with a disc."""
        column, row = at
        corners = (column - radius, row - radius, column + radius, row + radius)
        self._pen.ellipse(corners, fill=colour)

    def diamond(self, at: tuple[int, int], radius: int, colour: Colour) -> None:
        """Mark a point; a dark rim sets it off from candles."""
        column, row = at
        points = ((-radius, 0), (0, -radius), (radius, 0), (0, radius))
        corners = [(column + across, row + down) for across, down in points]
        self._pen.polygon(corners, fill=colour, outline=BACKGROUND)

    def to_png(self) -> bytes:
        """The image as a file."""
        file = BytesIO()
        self.image.save(file, format="PNG", compress_level=_PNG_COMPRESSION)
        return file.getvalue()

    def _font(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._fonts:
            self._fonts[size] = ImageFont.truetype(_FONT_FILE, size)
        return self._fonts[size]
