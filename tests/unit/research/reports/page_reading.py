"""Reads a page of a report as a browser would: elements, words, drawings."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}
_DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)


@dataclass(slots=True)
class Element:
    """A tag with its attributes, in the order of the page."""

    tag: str
    attributes: dict[str, str]


@dataclass(slots=True)
class ReadPage:
    """What was found; `unclosed` are tags that nest wrongly."""

    elements: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)

    @property
    def structure(self) -> list[tuple[str, tuple[str, ...]]]:
        """Tags and names of attributes: what no text from outside may change."""
        return [(each.tag, tuple(each.attributes)) for each in self.elements]

    def values(self, attribute: str) -> list[str]:
        return [
            each.attributes[attribute] for each in self.elements if attribute in each.attributes
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = ReadPage()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.page.elements.append(Element(tag=tag, attributes=attributes))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.page.elements.append(Element(tag=tag, attributes=attributes))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.page.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        self.page.words.append(data)

    def close(self) -> None:
        super().close()
        self.page.unclosed.extend(self._open)


def read_page(text: str) -> ReadPage:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page


def drawings_of(text: str) -> list[ElementTree.Element]:
    """Every inline drawing, parsed as XML: what is not well formed raises."""
    return [ElementTree.fromstring(each) for each in _DRAWING.findall(text)]  # noqa: S314 (own text)


def places_outside(drawing: ElementTree.Element) -> list[str]:
    """Shapes and words that begin or end outside the drawing's own area."""
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    return [
        f"{element.tag} {element.attrib}"
        for element in drawing.iter()
        for x, y in _corners(element)
        if not (0 <= x <= width and 0 <= y <= height)
    ]


def _corners(element: ElementTree.Element) -> list[tuple[float, float]]:
    values = element.attrib
    if "points" in values:
        pairs = (pair.split(",") for pair in values["points"].split())
        return [(float(x), float(y)) for x, y in pairs]
    if element.tag == "line":
        return [
            (float(values["x1"]), float(values["y1"])),
            (float(values["x2"]), float(values["y2"])),
        ]
    if element.tag == "rect":
        left, top = float(values["x"]), float(values["y"])
        return [(left, top), (left + float(values["width"]), top + float(values["height"]))]
    if element.tag == "circle":
        return [(float(values["cx"]), float(values["cy"]))]
    if element.tag == "text":
        return [(float(values["x"]), float(values["y"]))]
    return []
