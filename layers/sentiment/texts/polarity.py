"""The tone of a text: VADER with words, phrases and emoji of the trade.

Source of the rules: Hutto and Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment
Analysis of Social Media Text (2014). It is the only module that knows the library.
"""

from collections.abc import Iterator
from typing import Any, Final

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from layers.sentiment.texts import lexicon
from layers.sentiment.texts.phrases import PhraseTable
from layers.sentiment.texts.tokens import AUTHOR, CASHTAG, TextParts, ends_clause

_SARCASM: Final = "/s"
_UNHEARD: Final = lexicon.FILLERS | {CASHTAG, AUTHOR}
"""Names are not words: "$SAFE" and "@happy" have no tone."""

_PAUSE: Final = " . . . "
"""Behind a clause: VADER lets a negation turn whatever stands within three words of it."""


class Polarity:
    """Scores texts with an analyzer of its own; nothing that others share is changed."""

    def __init__(self) -> None:
        self._analyzer = _trader()
        self._phrases = _joined()
        self._emoji = {sign: f" {_emoji_word(sign)} " for sign in lexicon.emoji()}

    def tone(self, parts: TextParts) -> float:
        """Tone in [-1, 1], 0 without a word that weighs anything.

        A text that marks itself as sarcasm ("/s") is never positive.
        """
        spoken = self._with_emoji(" ".join(self._spoken(parts)))
        tone = float(self._analyzer.polarity_scores(spoken)["compound"])
        return -tone if tone > 0 and _SARCASM in parts.raw else tone

    def _spoken(self, parts: TextParts) -> Iterator[str]:
        """The words that are scored: phrases joined into one, negations in VADER's own word."""
        heard = [
            (raw, key)
            for raw, key in zip(parts.raw, parts.keys, strict=True)
            if key not in _UNHEARD
        ]
        raws, keys = [raw for raw, _ in heard], [key for _, key in heard]
        at = _opening_praise(raws, keys)
        for found in self._phrases.found_in(raws, keys):
            yield from _with_pauses(raws[at : found.begin])
            yield found.meaning
            yield from _end_of(raws[found.end - 1])
            at = max(at, found.end)
        yield from _with_pauses(raws[at:])

    def _with_emoji(self, spoken: str) -> str:
        """Emoji of the trade as words; each counts once, however often it is repeated."""
        if spoken.isascii():
            return spoken
        for sign, word in self._emoji.items():
            if sign in spoken:
                spoken = spoken.replace(sign, word, 1).replace(sign, " ")
        return spoken


def _trader() -> Any:
    """VADER's analyzer, its lexicon corrected for this trade; the library has no types."""
    analyzer = SentimentIntensityAnalyzer()
    for word in lexicon.silent():
        analyzer.lexicon.pop(word, None)
    analyzer.lexicon.update(lexicon.words())
    analyzer.lexicon.update({_joint(each): held for each, held in lexicon.phrases().items()})
    analyzer.lexicon.update({_emoji_word(sign): held for sign, held in lexicon.emoji().items()})
    return analyzer


def _joined() -> PhraseTable[str]:
    """Phrases and the one word each is scored as."""
    meanings = {phrase: _joint(phrase) for phrase in lexicon.phrases()}
    negations = (lexicon.without_fillers(each) for each in lexicon.NEGATIONS.split(","))
    emphases = (lexicon.without_fillers(each) for each in lexicon.EMPHASES.split(","))
    return PhraseTable(meanings | dict.fromkeys(negations, "not") | dict.fromkeys(emphases, "very"))


def _joint(phrase: str) -> str:
    return f"phrase_{phrase.replace(' ', '_').replace('<', '').replace('>', '')}"


def _emoji_word(sign: str) -> str:
    return f"emoji_{ord(sign):x}"


def _with_pauses(raws: list[str]) -> Iterator[str]:
    for raw in raws:
        yield raw
        if ends_clause(raw):
            yield _PAUSE


def _end_of(raw: str) -> Iterator[str]:
    """What stands behind a phrase: its exclamation marks and the end of a clause."""
    if ends_clause(raw):
        yield "!" * raw.count("!") + _PAUSE


def _opening_praise(raws: list[str], keys: list[str]) -> int:
    """How many words at the start are praise that is not meant, as in "Oh nice, another hack"."""
    for number, raw in enumerate(raws[:2]):
        if keys[number] not in lexicon.PRAISE:
            return 0
        if raw.endswith(","):
            return number + 1
    return 0
