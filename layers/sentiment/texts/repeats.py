"""Duplicates and reposts collapse: which texts have been seen before, or nearly so."""

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from layers.sentiment.texts.fingerprint import Fingerprint, likeness
from layers.sentiment.texts.parameters import TextParameters

_HOUR_MS: Final = 3_600_000
_KEPT_WINDOWS: Final = 2
"""Texts come out of order: one that is a whole window late still finds what it repeats."""


@dataclass(frozen=True, slots=True)
class _Seen:
    fingerprint: Fingerprint
    at_ms: int


class RepeatFilter:
    """Remembers what was said within `repeat_hours`, and no more than `most_remembered` texts.

    The first of two like texts counts, whichever is asked about first. A repeat is not remembered
    itself, so that a text which is copied for days counts once in a window, not once for ever.
    Times come from outside: the caller cuts those of the future, which would wipe the memory.
    """

    def __init__(self, parameters: TextParameters) -> None:
        self._likeness = parameters.repeat_likeness
        self._window_ms = round(parameters.repeat_hours * _HOUR_MS)
        self._most = parameters.most_remembered
        self._newest_ms = 0
        self._count = 0
        self._oldest: list[tuple[int, int, _Seen]] = []
        self._by_key: dict[tuple[int, int], list[_Seen]] = defaultdict(list)

    def __len__(self) -> int:
        """Texts remembered."""
        return len(self._oldest)

    def is_repeat(self, fingerprint: Fingerprint, at_ms: int) -> bool:
        """Whether a like text was seen within the window around `at_ms`; if not, remember it."""
        if self._is_known(fingerprint, at_ms):
            return True
        self._newest_ms = max(self._newest_ms, at_ms)
        self._remember(_Seen(fingerprint, at_ms))
        self._forget()
        return False

    def _is_known(self, fingerprint: Fingerprint, at_ms: int) -> bool:
        return any(
            abs(seen.at_ms - at_ms) < self._window_ms
            and likeness(seen.fingerprint.pairs, fingerprint.pairs) >= self._likeness
            for key in self._keys(fingerprint)
            for seen in self._by_key.get(key, ())
        )

    def _keys(self, fingerprint: Fingerprint) -> list[tuple[int, int]]:
        """Where a like text must be found.

        Of two sets with a likeness of t, one of n members shares at least t * n of them, so in any
        fixed order they share one of their first n - t * n + 1 (prefix filtering: Chaudhuri,
        Ganti, Kaushik, A Primitive Operator for Similarity Joins in Data Cleaning, 2006).
        """
        pairs = sorted(fingerprint.pairs)
        shared = math.ceil(self._likeness * len(pairs) - 1e-9)
        first = pairs[: len(pairs) - shared + 1] or [0]
        return [(fingerprint.decisive, pair) for pair in first]

    def _remember(self, seen: _Seen) -> None:
        self._count += 1
        heapq.heappush(self._oldest, (seen.at_ms, self._count, seen))
        for key in self._keys(seen.fingerprint):
            self._by_key[key].append(seen)

    def _forget(self) -> None:
        expired_ms = self._newest_ms - _KEPT_WINDOWS * self._window_ms
        while self._oldest and (self._oldest[0][0] <= expired_ms or len(self) > self._most):
            _, _, seen = heapq.heappop(self._oldest)
            for key in self._keys(seen.fingerprint):
                self._drop(key, seen)

    def _drop(self, key: tuple[int, int], seen: _Seen) -> None:
        kept = [other for other in self._by_key[key] if other is not seen]
        if kept:
            self._by_key[key] = kept
        else:
            del self._by_key[key]
