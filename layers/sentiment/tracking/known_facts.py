"""Facts with two times: when they happened and when they were known."""

from bisect import bisect_left, bisect_right, insort
from math import inf
from typing import Generic, NamedTuple, TypeVar

Fact = TypeVar("Fact", float, tuple[float, float])


class Span(NamedTuple):
    """How far apart, in ms, two facts are that are compared: best, and at least and at most."""

    shortest_ms: int
    whole_ms: int
    longest_ms: int


class Change(NamedTuple, Generic[Fact]):
    """A fact, the one it is compared with, and how long lies between."""

    now: Fact
    then: Fact
    span_ms: int


class KnownFacts(Generic[Fact]):
    """Facts of the last `kept_ms` before the newest one; in whatever order they came."""

    def __init__(self, kept_ms: int) -> None:
        self._kept_ms = kept_ms
        self._facts: list[tuple[int, int, Fact]] = []

    def add(self, at_ms: int, known_ms: int, fact: Fact) -> bool:
        """Keep a fact, once; a later one of the same instant is a correction. Whether it is new."""
        known_ms = max(known_ms, at_ms)
        if self._facts and at_ms < self._facts[-1][0] - self._kept_ms:
            return False
        first = bisect_left(self._facts, (at_ms,))
        told = self._facts[first : bisect_right(self._facts, (at_ms, inf))]
        if any(earlier <= known_ms and same == fact for _, earlier, same in told):
            return False
        insort(self._facts, (at_ms, known_ms, fact))
        self._forget()
        return True

    def newest(self, at_ms: int, as_of_ms: int) -> tuple[int, Fact] | None:
        """Time and fact: the last one up to `at_ms`, of those known at `as_of_ms`."""
        end = bisect_right(self._facts, (at_ms, inf))
        for place in range(end - 1, -1, -1):
            happened, known_ms, fact = self._facts[place]
            if known_ms <= as_of_ms:
                return happened, fact
        return None

    def change(self, as_of_ms: int, good_ms: int, span: Span) -> Change[Fact] | None:
        """The newest fact against one before it; None where it is too old, or without both."""
        now = self.newest(as_of_ms, as_of_ms)
        if now is None or now[0] < as_of_ms - good_ms:
            return None
        then = self._before(now[0], as_of_ms, span)
        return None if then is None else Change(now[1], then[1], now[0] - then[0])

    def _before(self, at_ms: int, as_of_ms: int, span: Span) -> tuple[int, Fact] | None:
        """What a fact of `at_ms` is compared with: a whole span before it, or as near as it gets.

        The longer way where there is something, else the longest of the shorter ones.
        """
        whole = self.newest(at_ms - span.whole_ms, as_of_ms)
        if whole is not None and whole[0] >= at_ms - span.longest_ms:
            return whole
        place = bisect_right(self._facts, (at_ms - span.whole_ms, inf))
        for happened, known_ms, _ in self._facts[place:]:
            if happened > at_ms - span.shortest_ms:
                return None
            if known_ms <= as_of_ms:
                return self.newest(happened, as_of_ms)
        return None

    def _forget(self) -> None:
        oldest = self._facts[-1][0] - self._kept_ms
        if self._facts[0][0] < oldest:
            del self._facts[: bisect_left(self._facts, (oldest,))]
