"""A text taken apart: made plain, freed of links, cut into words, each with what it is matched by.

Every pattern here is linear: none repeats inside a repetition.
"""

import html
import re
import string
import unicodedata
from dataclasses import dataclass
from typing import Final

NUMBER: Final = "<number>"
PERCENT: Final = "<percent>"
RISE: Final = "<rise>"
FALL: Final = "<fall>"
TIMES: Final = "<times>"
CASHTAG: Final = "<cashtag>"
AUTHOR: Final = "<author>"

_UNSEEN: Final = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f]"
)
"""Joins, directions, variations, stacked accents, halves of characters: they hide words."""

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": " ", "–": "-"})
_LINK: Final = re.compile(r"(?:https?://|www\.|\bt\.me/|\bwa\.me/|\bbit\.ly/)\S*", re.IGNORECASE)
_REPOST: Final = re.compile(r"^\s*RT @\w+:?")
_CASHTAG: Final = re.compile(r"\$[A-Za-z][A-Za-z0-9]{1,9}$")
_PUNCTUATION: Final = string.punctuation + "…«»"
_COMPOUND: Final = re.compile(r"(?<=[A-Za-z])[-/|](?=[A-Za-z])")
_ENDS: Final = ".,;:!?"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextParts:
    """A text without what hides it: `plain` to look at, `raw` words, and the `keys` of the words.

    A key is the word in small letters without the punctuation around it; numbers, percentages (with
    a sign: rises and falls), multiples ("100x"), cashtags and mentioned authors each share one.
    """

    plain: str
    links: tuple[str, ...]
    raw: tuple[str, ...]
    keys: tuple[str, ...]


def parts_of(text: str, longest: int) -> TextParts:
    """Take a text of any origin apart; only its first `longest` characters are looked at."""
    readable = _readable(text, longest)
    links = tuple(_LINK.findall(readable))
    plain = _LINK.sub(" ", readable) if links else readable
    raw = tuple(_COMPOUND.sub(" ", plain).split())
    return TextParts(plain=plain, links=links, raw=raw, keys=tuple(map(_key, raw)))


def bare(raw: str) -> str:
    """A word without the punctuation around it."""
    return raw.strip(_PUNCTUATION)


def ends_clause(raw: str) -> bool:
    """Whether a word closes the clause it stands in."""
    return raw[-1] in _ENDS


def _readable(text: str, longest: int) -> str:
    """Entities and look-alike letters resolved, nothing invisible, one line, without "RT @name"."""
    plain = html.unescape(_UNSEEN.sub("", text[: 2 * longest]))
    if not plain.isascii():
        plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", plain)).translate(_QUOTES)
    return _REPOST.sub("", _CONTROLS.sub(" ", plain))[:longest]


def _key(raw: str) -> str:
    if raw.isalpha():
        return raw.lower()
    first = raw[0]
    if first == "$" and _CASHTAG.match(raw.rstrip(_PUNCTUATION)):
        return CASHTAG
    if first == "@" and len(raw) > 1:
        return AUTHOR
    word = bare(raw).lower().removesuffix("'s")
    return _number_key(raw, word) if word[:1].isdigit() else word


def _number_key(raw: str, word: str) -> str:
    if "%" in raw:
        return {"+": RISE, "-": FALL}.get(raw[0], PERCENT)
    return TIMES if word[-1] == "x" and word[:-1].isdigit() else NUMBER
