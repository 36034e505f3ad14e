"""When one provider answered, and which coins it watched: silence is news only if it listened."""

from bisect import insort
from collections.abc import Iterable
from operator import itemgetter
from typing import Final

from layers.onchain.readings.spans import HOUR_MS

Coins = frozenset[str]

_HALF_MS: Final = HOUR_MS // 2
_HALVES: Final = 2


class Attendance:
    """Recent answers one by one, older ones by the half hour."""

    def __init__(self) -> None:
        self._recent: list[tuple[int, Coins]] = []
        self._halves: dict[int, set[Coins]] = {}

    def note(self, answered_ms: int, watched: Coins) -> None:
        """Take in that the provider answered, in whatever order."""
        if self._recent and self._recent[-1][1] == watched:
            watched = self._recent[-1][1]
        insort(self._recent, (answered_ms, watched), key=itemgetter(0))
        self._halves.setdefault(answered_ms // _HALF_MS, set()).add(watched)

    def watched(self, since_ms: int, at_ms: int) -> dict[Coins, int]:
        """What was watched in (since, at], each with the newest answer, the newest first."""
        newest: dict[Coins, int] = {}
        for answered_ms, coins in reversed(self._recent):
            if answered_ms <= since_ms:
                break
            if answered_ms <= at_ms:
                newest.setdefault(coins, answered_ms)
        return newest

    def known_hours(self, hours: Iterable[int]) -> dict[Coins, list[int]]:
        """Clock hours that were listened to, by the coins that were watched in both halves."""
        known: dict[Coins, list[int]] = {}
        for hour in hours:
            known.setdefault(self._coins_of(hour), []).append(hour)
        return known

    def forget_before(self, oldest_ms: int, recent_ms: int) -> None:
        """Drop the half hours before the first instant, and the single answers before the other."""
        self._recent = [each for each in self._recent if each[0] >= recent_ms]
        oldest = oldest_ms // _HALF_MS
        self._halves = {half: sets for half, sets in self._halves.items() if half >= oldest}

    def _coins_of(self, hour: int) -> Coins:
        first, second = (self._halves.get(_HALVES * hour + half, set()) for half in range(_HALVES))
        if len(first) == 1 and first == second:
            return next(iter(first))
        return Coins().union(*first) & Coins().union(*second)
