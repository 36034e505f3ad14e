"""Phrases of several words, found in one pass: the longest one that begins at a word wins."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from layers.sentiment.texts.tokens import ends_clause

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Meaning]):
    """A phrase's meaning and where it stands: words `begin` to `end`, the latter excluded."""

    meaning: Meaning
    begin: int
    end: int


class PhraseTable(Generic[Meaning]):
    """Phrases by their first word. A phrase does not reach over the end of a clause."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = defaultdict(list)
        for phrase, meaning in meanings.items():
            keys = tuple(phrase.split())
            self._by_first[keys[0]].append((keys, meaning))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))
        self._by_first.default_factory = None

    def found_in(self, raw: Sequence[str], keys: Sequence[str]) -> Iterator[Found[Meaning]]:
        """Every phrase of a text from left to right; they do not overlap."""
        by_first, free = self._by_first, 0
        for begin, key in enumerate(keys):
            if begin < free or key not in by_first:
                continue
            found = self._longest_at(begin, raw, keys)
            if found is not None:
                free = found.end
                yield found

    def _longest_at(
        self, begin: int, raw: Sequence[str], keys: Sequence[str]
    ) -> Found[Meaning] | None:
        for phrase, meaning in self._by_first[keys[begin]]:
            end = begin + len(phrase)
            if tuple(keys[begin:end]) == phrase and not any(map(ends_clause, raw[begin : end - 1])):
                return Found(meaning=meaning, begin=begin, end=end)
        return None
