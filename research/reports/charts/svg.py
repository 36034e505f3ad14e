"""Draws shapes and words into one inline SVG; colours are left to the page's style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from research.reports.wording import printable

Point = tuple[float, float]

_LONGEST_NAME: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Svg:
    """A finished drawing. Templates take it as it is: everything in it is escaped already.

    `title` is what it is called where people see it.
    """

    title: str
    text: str

    def __html__(self) -> str:
        """What a template with autoescape inserts."""
        return self.text


class Drawing:
    """A canvas of `width` x `height` units, origin at the top left.

    `name` is unique on the page, `title` and `description` are what a screen reader says. Every
    shape has a `kind`, its class in the style sheet, and may have a `hint`, shown when pointed at.
    """

    def __init__(
        self, name: str, *, title: str, description: str, width: float, height: float
    ) -> None:
        self._title = title
        attributes = {
            "class": "chart",
            "viewBox": f"0 0 {_number(width)} {_number(height)}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-description",
        }
        self._root = Element("svg", attributes)
        for part, words in (("title", title), ("desc", description)):
            end = "title" if part == "title" else "description"
            SubElement(self._root, part, {"id": f"{name}-{end}"}).text = printable(words)

    def line(self, kind: str, start: Point, end: Point) -> None:
        """A straight line."""
        ends = zip(("x1", "y1", "x2", "y2"), (*start, *end), strict=True)
        self._add("line", kind, {name: _number(value) for name, value in ends})

    def box(self, kind: str, corner: Point, opposite: Point, hint: str = "") -> None:
        """A rectangle between two opposite corners, in any order."""
        left, right = sorted((corner[0], opposite[0]))
        top, bottom = sorted((corner[1], opposite[1]))
        sides = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        self._add("rect", kind, {name: _number(value) for name, value in sides.items()}, hint)

    def polyline(self, kind: str, points: Sequence[Point]) -> None:
        """A line through points."""
        self._add("polyline", kind, {"points": _points(points)})

    def polygon(self, kind: str, points: Sequence[Point]) -> None:
        """A closed, filled shape."""
        self._add("polygon", kind, {"points": _points(points)})

    def dot(self, kind: str, middle: Point, radius: float, hint: str = "") -> None:
        """A circle."""
        shape = {"cx": middle[0], "cy": middle[1], "r": radius}
        self._add("circle", kind, {name: _number(value) for name, value in shape.items()}, hint)

    def cross(self, kind: str, middle: Point, reach: float, hint: str = "") -> None:
        """Two short crossing strokes."""
        x, y = _number(middle[0] - reach), _number(middle[1] - reach)
        side = _number(2 * reach)
        strokes = f"M{x} {y}l{side} {side}m0 -{side}l-{side} {side}"
        self._add("path", kind, {"d": strokes}, hint)

    def words(self, kind: str, at: Point, text: str, anchor: str = "start") -> None:
        """One line of text on the baseline `at`; `anchor` is start, middle or end."""
        place = {"x": _number(at[0]), "y": _number(at[1]), "text-anchor": anchor}
        self._add("text", kind, place).text = printable(text)

    def finish(self) -> Svg:
        """The drawing as text, safe inside HTML."""
        return Svg(title=self._title, text=tostring(self._root, encoding="unicode"))

    def _add(self, tag: str, kind: str, attributes: dict[str, str], hint: str = "") -> Element:
        element = SubElement(self._root, tag, {"class": kind, **attributes})
        if hint:
            SubElement(element, "title").text = printable(hint)
        return element


def shortened(name: str) -> str:
    """A name that fits beside a row or a line of a legend."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"
