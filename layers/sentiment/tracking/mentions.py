"""Texts of the last hour or so, one by one, and their sums by coin."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple


class Mention(NamedTuple):
    """Texts about some coins that became known at an instant, usually one.

    `weight` is what their tone weighs all together. `dropped` ones are spam or repeats.
    """

    at_ms: int
    assets: tuple[str, ...]
    tone: float
    weight: float
    texts: int = 1
    is_wide: bool = False
    dropped: int = 0


@dataclass(slots=True)
class MentionSums:
    """Sums over texts about one coin."""

    texts: int = 0
    weight: float = 0.0
    toned: float = 0.0
    wide_weight: float = 0.0
    wide_toned: float = 0.0
    dropped: int = 0

    def add(self, mention: Mention) -> None:
        """Count texts in."""
        self.texts += mention.texts
        self.dropped += mention.dropped
        self.weight += mention.weight
        self.toned += mention.weight * mention.tone
        if mention.is_wide:
            self.wide_weight += mention.weight
            self.wide_toned += mention.weight * mention.tone

    @property
    def viral(self) -> float | None:
        """Mean tone of the widely read ones."""
        return self.wide_toned / self.wide_weight if self.wide_weight else None


_time_of = attrgetter("at_ms")


class RecentMentions:
    """Mentions of the last `kept_ms` before the newest, in order."""

    def __init__(self, kept_ms: int) -> None:
        self._kept_ms = kept_ms
        self._mentions: list[Mention] = []

    def add(self, mention: Mention) -> None:
        """Keep a mention; all of an instant in an order of their own."""
        insort(self._mentions, mention)
        oldest_ms = self._mentions[-1].at_ms - self._kept_ms
        if self._mentions[0].at_ms < oldest_ms:
            del self._mentions[: bisect_left(self._mentions, oldest_ms, key=_time_of)]

    def sums(self, after_ms: int, until_ms: int) -> Mapping[str, MentionSums]:
        """Sums by coin, of mentions later than one instant, up to and with another."""
        sums: dict[str, MentionSums] = {}
        for mention in self._between(after_ms, until_ms):
            for asset in mention.assets:
                sums.setdefault(asset, MentionSums()).add(mention)
        return sums

    def _between(self, after_ms: int, until_ms: int) -> Iterator[Mention]:
        first = bisect_right(self._mentions, after_ms, key=_time_of)
        last = bisect_right(self._mentions, until_ms, key=_time_of)
        return iter(self._mentions[first:last])
