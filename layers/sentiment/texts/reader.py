"""What a text from outside says, and about which coin.

A text is data: whatever it asks for, it changes nothing but its own verdict.
"""

from dataclasses import dataclass

from domain.sentiment import Text
from layers.sentiment.texts.assets import AssetFinder
from layers.sentiment.texts.fingerprint import Fingerprint, fingerprint_of
from layers.sentiment.texts.parameters import TextParameters
from layers.sentiment.texts.polarity import Polarity
from layers.sentiment.texts.spam import SpamFilter
from layers.sentiment.texts.spam_kinds import SpamKind
from layers.sentiment.texts.tokens import parts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVerdict:
    """Tone in [-1, 1], 0 of spam; the coins it is about, `MARKET` for crypto in general.

    `assets` is empty when the text names neither a coin nor the trade. `spam` is None for a text
    that counts. The tone of a text is the same for every coin it names.
    """

    tone: float
    spam: SpamKind | None
    assets: frozenset[str]
    fingerprint: Fingerprint


class TextReader:
    """Reads texts one by one; holds words and rules, remembers no text."""

    def __init__(self, parameters: TextParameters) -> None:
        self._longest = parameters.longest_characters
        self._repeat_words = parameters.repeat_words
        self._polarity = Polarity()
        self._spam = SpamFilter(parameters)
        self._assets = AssetFinder(parameters)

    def read(self, text: Text) -> TextVerdict:
        """What the text says; the same text always says the same."""
        parts = parts_of(text.text, self._longest)
        tone = self._polarity.tone(parts)
        spam = self._spam.kind_of(parts, text.kind, has_tone=tone != 0.0)
        return TextVerdict(
            tone=0.0 if spam else tone,
            spam=spam,
            assets=self._assets.named_in(parts),
            fingerprint=fingerprint_of(parts, self._repeat_words),
        )
