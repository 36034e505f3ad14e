"""Words and signs that every message shares: directions, layers, stars, clipped names."""

from typing import Final

from bot.presenters.markup import quote
from domain.directions import Direction
from domain.evidence import LayerName
from domain.instruments import Instrument
from domain.signals import FollowedSignal, Signal

_PAIR_UNITS: Final = 32
_SENTENCE_UNITS: Final = 160
_RULE_UNITS: Final = 32

DIRECTION_SIGNS: Final = {Direction.LONG: "🟢", Direction.SHORT: "🔴"}

LAYER_NAMES: Final = {
    LayerName.TECHNICAL: "Technical",
    LayerName.ORDERFLOW: "Order flow",
    LayerName.ONCHAIN: "On-chain",
    LayerName.SENTIMENT: "Sentiment",
    LayerName.MEMORY: "Memory",
}

_STARS: Final = ((90.0, 5), (80.0, 4), (70.0, 3))
_FEWEST_STARS: Final = 2
_MOST_STARS: Final = 5


def lookback(days: int | None) -> str:
    """The period of an answer: "last 7 days", "since the first signal" for None."""
    if days is None:
        return "since the first signal"
    return "last day" if days == 1 else f"last {days} days"


def rule_words(rule: str) -> str:
    """The name of a breaker or of a reason to discard, as HTML: "loss streak"."""
    return quote(rule.replace("_", " ").lower(), _RULE_UNITS)


def stars(score: float) -> str:
    """Five stars from a score of 90 on, four from 80, three from 70, two below.

    By the score as it is shown, in whole points.
    """
    full = next((number for floor, number in _STARS if round(score) >= floor), _FEWEST_STARS)
    return "★" * full + "☆" * (_MOST_STARS - full)


def pair(instrument: Instrument) -> str:
    """The pair's name as HTML."""
    return quote(instrument.pair, _PAIR_UNITS)


def sentence(text: str) -> str:
    """A sentence from another room as HTML, on one line and of bearable length."""
    return quote(text, _SENTENCE_UNITS)


def side(direction: Direction) -> str:
    """The direction in capitals."""
    return direction.name


def title(signal: Signal) -> str:
    """Direction and pair with the direction's sign, as HTML: "🟢 LONG BTC/USDT"."""
    return f"{heading(signal.plan.direction)} {pair(signal.instrument)}"


def heading(direction: Direction) -> str:
    """The direction with its sign: "🟢 LONG"."""
    return f"{DIRECTION_SIGNS[direction]} {side(direction)}"


def reference(followed: FollowedSignal) -> str:
    """How people name a signal: "#12"."""
    return f"#{followed.signal.id}"
