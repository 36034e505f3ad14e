"""The rules for texts from outside: plain, short, dated sensibly, and never more than data."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from typing import Final

from domain.errors import InvalidDataError
from domain.sentiment import Text

TEXT_LENGTH: Final = 500
"""Characters of a text that are kept: a headline with its summary, a long post."""

AUTHOR_LENGTH: Final = 50
"""Characters of an author's name that are kept."""

IDENTITY_LENGTH: Final = 200
"""Characters of a provider's own id that are kept: some sites use whole addresses."""

_READ_LENGTH: Final = 20_000
"""Characters that are looked at: markup may take most of them, and time must stay bounded."""

_AHEAD_MS: Final = 10 * 60_000
"""Clocks of publishers run this far ahead at most; later dates are made up."""

_BEHIND_MS: Final = 8 * 86_400_000
"""Talk is compared with seven days; what is older than a day more is of no use."""

_PLAIN: Final = re.compile(r"[\x20-\x7e]*")
_MARK: Final = re.compile(
    r"(?P<opening><!--|-->|</?(?P<tag>[a-z][a-z0-9]*+))(?(tag)[^<>]*+>)", re.IGNORECASE
)
"""A tag up to its end, or either end of a comment; possessive, so that no input is read twice."""

_HIDES_UNTIL: Final = {"<!--": "-->", "<script": "</script", "<style": "</style"}
_BREAKING_MARKUP: Final = frozenset({"br", "div", "h1", "h2", "h3", "h4", "li", "p", "td", "tr"})


def plain_text(raw: str, length: int = TEXT_LENGTH) -> str:
    """Without control, format, surrogate and private characters, white space collapsed, cut.

    The Unicode categories C*: bidi overrides and zero-width characters are among them. A cut text
    ends with "…" and is `length` long.
    """
    shown = _shown(raw[:_READ_LENGTH])
    collapsed = " ".join(shown.split())
    return collapsed if len(collapsed) <= length else collapsed[: length - 1].rstrip() + "…"


def text_of_markup(raw: str) -> str:
    """What a reader would see of a piece of HTML; scripts, styles and comments are not seen.

    One pass, so that a hostile piece costs no more than its length.
    """
    seen: list[str] = []
    hidden_until = ""
    at = 0
    for mark in _MARK.finditer(raw, 0, _READ_LENGTH):
        if not hidden_until:
            seen.append(raw[at : mark.start()])
            seen.append(" " if mark["tag"] and mark["tag"].lower() in _BREAKING_MARKUP else "")
            hidden_until = _HIDES_UNTIL.get(mark["opening"].lower(), "")
        elif mark["opening"].lower() == hidden_until:
            hidden_until = ""
        at = mark.end()
    return unescape("".join(seen) + ("" if hidden_until else raw[at:_READ_LENGTH]))


def dated_texts(texts: Sequence[Text], now_ms: int) -> tuple[Text, ...]:
    """The texts that are of use by their date, none published after `now_ms`.

    A publisher's clock may run some minutes ahead; what is dated later is left out, and so is what
    is too old to be compared with. Raises InvalidDataError when more than half are dated later.
    """
    latest = now_ms + _AHEAD_MS
    later = sum(text.published_ms > latest for text in texts)
    if 2 * later > len(texts):
        raise InvalidDataError(
            f"{later} of {len(texts)} texts are dated later than now; is a clock wrong?"
        )
    return tuple(
        replace(text, published_ms=min(text.published_ms, now_ms))
        for text in texts
        if now_ms - _BEHIND_MS <= text.published_ms <= latest
    )


def _shown(raw: str) -> str:
    if _PLAIN.fullmatch(raw):
        return raw
    return "".join(_shown_character(character) for character in raw)


def _shown_character(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character).startswith("C") else character
