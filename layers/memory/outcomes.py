"""The book of outcomes: takes them in as they come, and counts those known at an instant."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final

from domain.memory import (
    FEATURES,
    Likeness,
    Memory,
    Origin,
    OutcomeCount,
    PastOutcome,
)

_Identity = tuple[Origin, str, int]
_BEGINNING: Final = -(2**63)


class OutcomeBook:
    """Outcomes, each once: a trade is one origin, one symbol, one decision.

    Should a trade be told with two outcomes, the one known first holds, of two known at once the
    worse. Counting goes on from the instant counted last, so that a candle close pays for what is
    new and not for all that ever was; asking for an earlier instant counts anew.
    """

    def __init__(self) -> None:
        self._outcomes: dict[_Identity, PastOutcome] = {}
        self._waiting: list[tuple[int, _Identity]] = []
        self._tallies: defaultdict[Likeness, dict[Origin, _Tally]] = defaultdict(dict)
        self._counted_ms = _BEGINNING

    def add(self, outcome: PastOutcome) -> None:
        """Take in an outcome; the order in which they are told does not matter."""
        identity = (outcome.origin, outcome.symbol, outcome.decided_ms)
        present = self._outcomes.get(identity)
        if present is None:
            self._outcomes[identity] = outcome
            heappush(self._waiting, (_usable_ms(outcome), identity))
        elif _precedence(outcome) < _precedence(present):
            self._outcomes[identity] = outcome
            self._restart()

    def as_of(self, at_ms: int) -> Memory:
        """What was known at an instant: outcomes known by then, of decisions made before it."""
        if at_ms < self._counted_ms:
            self._restart()
        while self._waiting and self._waiting[0][0] <= at_ms:
            self._count(self._outcomes[heappop(self._waiting)[1]])
        self._counted_ms = at_ms
        return Memory(at_ms=at_ms, counts=dict(self._counts()))

    def _counts(self) -> Iterator[tuple[Likeness, dict[Origin, OutcomeCount]]]:
        for likeness, tallies in self._tallies.items():
            yield likeness, {origin: tally.count() for origin, tally in tallies.items()}

    def _restart(self) -> None:
        self._counted_ms = _BEGINNING
        self._tallies.clear()
        self._waiting = [
            (_usable_ms(outcome), identity) for identity, outcome in self._outcomes.items()
        ]
        heapify(self._waiting)

    def _count(self, outcome: PastOutcome) -> None:
        for features in range(1, len(FEATURES) + 1):
            tallies = self._tallies[outcome.setup.likeness(features)]
            tallies.setdefault(outcome.origin, _Tally()).add(outcome.realised_r)


@dataclass(slots=True)
class _Tally:
    """An `OutcomeCount` that is still counting."""

    trades: int = 0
    wins: int = 0
    total_r: float = 0.0

    def add(self, realised_r: float) -> None:
        self.trades += 1
        self.wins += realised_r > 0.0
        self.total_r += realised_r

    def count(self) -> OutcomeCount:
        return OutcomeCount(trades=self.trades, wins=self.wins, total_r=self.total_r)


def _usable_ms(outcome: PastOutcome) -> int:
    """The first instant at which an outcome may be used."""
    return max(outcome.known_ms, outcome.decided_ms + 1)


def _precedence(outcome: PastOutcome) -> tuple[int, float, object]:
    return outcome.known_ms, outcome.realised_r, outcome.setup.likeness(len(FEATURES))
