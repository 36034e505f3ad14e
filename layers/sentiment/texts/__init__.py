"""Texts from outside: what they say about which coin, which are spam, and which are repeats."""

from layers.sentiment.texts.assets import MARKET
from layers.sentiment.texts.fingerprint import Fingerprint
from layers.sentiment.texts.parameters import TextParameters
from layers.sentiment.texts.reader import TextReader, TextVerdict
from layers.sentiment.texts.repeats import RepeatFilter
from layers.sentiment.texts.spam_kinds import SpamKind

__all__ = [
    "MARKET",
    "Fingerprint",
    "RepeatFilter",
    "SpamKind",
    "TextParameters",
    "TextReader",
    "TextVerdict",
]
