"""Thresholds of texts: how much of one is read, what is spam, what repeats another."""

from dataclasses import dataclass
from typing import Any

from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, require_rising, share


def _count(default: int, doc: str, unit: str, *, high: int = 100) -> Any:
    return parameter(default, doc=doc, unit=unit, source=CHOICE, low=1, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextParameters(Parameters):
    """How texts from outside are read, filtered and told apart."""

    longest_characters: int = _count(
        600, "how much of a text is read; a headline and its first lines", "characters", high=5000
    )
    post_evidence: int = _count(4, "weight of the signs of spam that makes a post spam", "points")
    headline_evidence: int = _count(
        8, "the same of a headline; an editor is believed longer", "points"
    )
    most_tags: int = _count(
        6, "different cashtags and hashtags; more of them are written for search engines", "tags"
    )
    most_assets: int = _count(
        4, "coins a text may be about; with more it is about the market as a whole", "coins"
    )
    repeat_words: int = _count(
        40, "words from the start that a text is recognised by", "words", high=1000
    )
    repeat_hours: float = parameter(
        24.0,
        doc="how long a text is remembered, so that its reposts do not count again",
        unit="hours",
        source=CHOICE,
        low=0.1,
        high=168,
    )
    repeat_likeness: float = share(
        0.6,
        "word pairs two texts share, of all they have, from which one repeats the other",
        low=0.3,
    )
    most_remembered: int = _count(
        10_000, "texts remembered; the oldest give way", "texts", high=1_000_000
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(post_evidence=self.post_evidence, headline_evidence=self.headline_evidence)
