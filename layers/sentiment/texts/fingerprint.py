"""What a text is recognised by, so that its reposts and copies do not count again."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from layers.sentiment.texts.tokens import AUTHOR, TextParts

_KEY_BYTES: Final = 8
_DECISIVE: Final = frozenset(
    {"no", "not", "never", "isn't", "wasn't", "don't", "doesn't", "didn't", "can't", "won't"}
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Pairs of neighbouring words, hashed, and what may not differ: figures, coins, negations.

    The hash is the same in every process. Capitals, punctuation, links, mentioned authors and
    anything invisible leave no trace in it.
    """

    pairs: frozenset[int]
    decisive: int


def fingerprint_of(parts: TextParts, most_words: int) -> Fingerprint:
    """The fingerprint of a text that was taken apart, of its first `most_words` words."""
    words = [
        _word(raw, key)
        for raw, key in zip(parts.raw[:most_words], parts.keys[:most_words], strict=True)
        if key and key != AUTHOR
    ]
    decisive = sorted({word for word in words if word in _DECISIVE or word[0].isdigit()})
    tags = sorted({word for word in words if word[0] == "$"})
    joined = (f"{one} {other}" for one, other in pairwise(words)) if words[1:] else words
    return Fingerprint(frozenset(map(_hashed, joined)), _hashed(" ".join((*decisive, *tags))))


def _word(raw: str, key: str) -> str:
    """The word itself: keys of figures and cashtags stand for many."""
    return key if key[0] != "<" else raw.strip(".,;:!?()\"'").lower()


def _hashed(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=_KEY_BYTES).digest())


def likeness(one: Iterable[int], other: Iterable[int]) -> float:
    """Shared pairs over all pairs, 0 to 1 (Jaccard's index); two empty texts are alike."""
    ours, theirs = frozenset(one), frozenset(other)
    either = len(ours | theirs)
    return len(ours & theirs) / either if either else 1.0
