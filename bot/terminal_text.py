"""Telegram HTML on a terminal: the same words, in colours that tell direction and outcome."""

from html.parser import HTMLParser
from typing import Final

from rich.text import Text

_STYLES: Final = {"b": "bold", "i": "italic dim", "code": "cyan", "s": "strike dim"}

_COLOURS: Final = {
    "✅": "green",
    "❌": "red",
    "❗": "yellow",
    "🚨": "red",
    "🟢": "green",
    "🔴": "red",
}
"""By the first of these signs, in this order, that stands in the first two lines."""

_NEUTRAL: Final = "blue"
_LINES_THAT_TELL: Final = 2


def to_rich(markup: str) -> Text:
    """The text with its styles."""
    reader = _StyledText()
    reader.feed(markup)
    reader.close()
    return reader.text


def colour_of(plain: str) -> str:
    """The colour of a message: its outcome, else its direction."""
    beginning = "\n".join(plain.split("\n")[:_LINES_THAT_TELL])
    return next((colour for sign, colour in _COLOURS.items() if sign in beginning), _NEUTRAL)


class _StyledText(HTMLParser):
    """Builds rich text from the few tags that presenters use."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = Text()
        self._styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a style."""
        self._styles.append(_STYLES.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - presenters nest their tags
        """End the innermost style."""
        if self._styles:
            self._styles.pop()

    def handle_data(self, data: str) -> None:
        """Add text in the styles that are open."""
        self.text.append(data, style=" ".join(style for style in self._styles if style))
