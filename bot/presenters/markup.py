"""Safe Telegram HTML: everything from outside passes `quote`; lengths as Telegram counts them."""

import html
from html.parser import HTMLParser
from typing import Final

TEXT_LIMIT: Final = 4096
"""UTF-16 units of a message's text after its markup is parsed (Bot API, sendMessage)."""

CAPTION_LIMIT: Final = 1024
"""UTF-16 units of a caption after its markup is parsed (Bot API, sendPhoto)."""

POPUP_LIMIT: Final = 200
"""Characters of the answer to a press (Bot API, answerCallbackQuery)."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 units: an emoji outside the basic plane counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def clip(text: str, units: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `units` UTF-16 units."""
    if utf16_length(text) <= units:
        return text
    kept, length = [], 1
    for character in text:
        length += utf16_length(character)
        if length > units:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def clean(text: str, units: int) -> str:
    """One printable line: control and direction-turning characters gone, clipped to `units`."""
    printable = (character if character.isprintable() else " " for character in text)
    return clip(" ".join("".join(printable).split()), units)


def quote(text: str, units: int = TEXT_LIMIT) -> str:
    """Text from outside as HTML that shows exactly that text, on one line, clipped to `units`."""
    return html.escape(clean(text, units), quote=False)


def cell(text: str, width: int) -> str:
    """Text from outside as the left cell of a table: HTML of exactly `width` characters."""
    return html.escape(f"{clean(text, width):{width}}", quote=False)


def bold(markup: str) -> str:
    """Bold; the argument is HTML already."""
    return f"<b>{markup}</b>"


def italic(markup: str) -> str:
    """Italic; the argument is HTML already."""
    return f"<i>{markup}</i>"


def code(markup: str) -> str:
    """Monospaced: a tap copies it. The argument is HTML already."""
    return f"<code>{markup}</code>"


def preformatted(markup: str) -> str:
    """Lines in which every sign is as wide as the other: a table. The argument is HTML already."""
    return f"<pre>{markup}</pre>"


def struck(markup: str) -> str:
    """Struck through: no longer in force. The argument is HTML already."""
    return f"<s>{markup}</s>"


def render_plain(markup: str) -> str:
    """The text that a reader sees, without any markup."""
    reader = _PlainText()
    reader.feed(markup)
    reader.close()
    return "".join(reader.pieces)


def visible_length(markup: str) -> int:
    """UTF-16 units that Telegram counts: those of the text after its markup is parsed."""
    return utf16_length(render_plain(markup))


class _PlainText(HTMLParser):
    """Collects the text between the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep a piece of text."""
        self.pieces.append(data)
