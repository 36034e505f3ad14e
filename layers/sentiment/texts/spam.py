"""Which texts do not count: giveaways, adverts, bait, bots, and texts that say nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.sentiment import TextKind
from layers.sentiment.texts import spam_signs
from layers.sentiment.texts.parameters import TextParameters
from layers.sentiment.texts.phrases import PhraseTable
from layers.sentiment.texts.spam_kinds import SpamKind
from layers.sentiment.texts.tokens import TextParts, bare

_ADDRESS: Final = re.compile(
    r"0x[0-9a-fA-F]{40}|bc1[a-z0-9]{25,59}|(?=[A-Za-z]*[0-9])[1-9A-HJ-NP-Za-km-z]{32,44}"
)
"""Of Ethereum, of Bitcoin, of Solana and the like (base 58)."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """One sign of spam; the same one counts once in a text."""

    name: str
    kind: SpamKind
    weight: int


_LINK: Final = _Sign("inviting link", SpamKind.ADVERT, spam_signs.INVITING_LINK)
_WALLET: Final = _Sign("address", SpamKind.BOT, spam_signs.ADDRESS)
_TAGS: Final = _Sign("tags", SpamKind.BOT, spam_signs.TAGS)


class SpamFilter:
    """Adds up signs of spam; how many it takes depends on who wrote."""

    def __init__(self, parameters: TextParameters) -> None:
        self._needed = {
            TextKind.POST: parameters.post_evidence,
            TextKind.HEADLINE: parameters.headline_evidence,
        }
        self._most_tags = parameters.most_tags
        self._phrases = PhraseTable(_signs_by_phrase())

    def kind_of(self, parts: TextParts, kind: TextKind, *, has_tone: bool) -> SpamKind | None:
        """The heaviest kind of spam that a text shows signs of, None for one that counts."""
        weights: Counter[SpamKind] = Counter()
        for sign in dict.fromkeys(self._signs(parts)):
            weights[sign.kind] += sign.weight
        if weights.total() >= self._needed[kind]:
            return weights.most_common(1)[0][0]
        return None if has_tone or _has_words(parts) else SpamKind.EMPTY

    def _signs(self, parts: TextParts) -> Iterator[_Sign]:
        yield from self._said(parts)
        if any(mark in link.lower() for link in parts.links for mark in spam_signs.INVITING_LINKS):
            yield _LINK
        if any(map(_ADDRESS.fullmatch, map(bare, parts.raw))):
            yield _WALLET
        if len({bare(raw).upper() for raw in parts.raw if _is_tag(raw)}) > self._most_tags:
            yield _TAGS

    def _said(self, parts: TextParts) -> Iterator[_Sign]:
        """Phrases, and cues among the words that no phrase has used."""
        said = [
            (raw, key)
            for raw, key in zip(parts.raw, parts.keys, strict=True)
            if key not in spam_signs.SKIPPED
        ]
        raws, keys = [raw for raw, _ in said], [key for _, key in said]
        unused = set(keys)
        for found in self._phrases.found_in(raws, keys):
            yield found.meaning
            unused.difference_update(keys[found.begin : found.end])
        yield from _cues(unused)


def _cues(words: set[str]) -> Iterator[_Sign]:
    for kind, groups in spam_signs.CUES.items():
        for number, group in enumerate(groups):
            if not group.isdisjoint(words):
                yield _Sign(f"cue {number}", kind, spam_signs.CUE)


def _signs_by_phrase() -> dict[str, _Sign]:
    return {
        phrase: _Sign(phrase, kind, weight)
        for kind, by_weight in spam_signs.SIGNS.items()
        for weight, phrases in by_weight.items()
        for phrase in map(_looked_up, phrases.split(","))
    }


def _looked_up(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if word not in spam_signs.SKIPPED)


def _is_tag(raw: str) -> bool:
    """Whether a word is a cashtag or hashtag; "$40k" is neither."""
    return raw[0] in "$#" and raw[1:2].isalpha()


def _has_words(parts: TextParts) -> bool:
    return any(
        any(map(str.isalpha, key)) and key[0] != "<" and raw[0] != "#"
        for raw, key in zip(parts.raw, parts.keys, strict=True)
    )
