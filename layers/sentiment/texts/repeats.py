"""Duplicates and reposts collapse: which texts have been seen before, or nearly so."""

import heapq
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from layers.sentiment.texts.fingerprint import Fingerprint, likeness
from layers.sentiment.texts.parameters import TextParameters

_HOUR_MS: Final = 3_600_000
_KEPT_WINDOWS: Final = 2
"""Texts come out of order: one that is a whole window late still finds what it repeats."""


_KEY_BITS: Final = (1 << 30) - 1
"""Python keeps whole numbers of 30 bits in the least memory there is for one."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text as it is remembered: thousands of them are, so as numbers side by side."""

    pairs: "array[int]"
    decisive: int
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
        self._by_key: dict[int, tuple[_Seen, ...]] = {}

    def __len__(self) -> int:
        """Texts remembered."""
        return len(self._oldest)

    def is_repeat(self, fingerprint: Fingerprint, at_ms: int) -> bool:
        """Whether a like text was seen within the window around `at_ms`; if not, remember it."""
        if self._is_known(fingerprint, at_ms):
            return True
        self._newest_ms = max(self._newest_ms, at_ms)
        pairs = array("Q", sorted(fingerprint.pairs))
        self._remember(_Seen(pairs, fingerprint.decisive, at_ms))
        self._forget()
        return False

    def _is_known(self, fingerprint: Fingerprint, at_ms: int) -> bool:
        return any(
            abs(seen.at_ms - at_ms) < self._window_ms
            and seen.decisive == fingerprint.decisive
            and likeness(seen.pairs, fingerprint.pairs) >= self._likeness
            for key in self._keys(sorted(fingerprint.pairs), fingerprint.decisive)
            for seen in self._by_key.get(key, ())
        )

    def _keys(self, pairs: Sequence[int], decisive: int) -> list[int]:
        """Where a like text must be found, among others that are told apart by looking at them.

        Of two sets with a likeness of t, one of n members shares at least t * n of them, so in any
        fixed order they share one of their first n - t * n + 1 (prefix filtering: Chaudhuri,
        Ganti, Kaushik, A Primitive Operator for Similarity Joins in Data Cleaning, 2006).
        """
        shared = math.ceil(self._likeness * len(pairs) - 1e-9)
        first = pairs[: len(pairs) - shared + 1] or [0]
        return [(pair ^ decisive) & _KEY_BITS for pair in first]

    def _remember(self, seen: _Seen) -> None:
        self._count += 1
        heapq.heappush(self._oldest, (seen.at_ms, self._count, seen))
        for key in self._keys(seen.pairs, seen.decisive):
            self._by_key[key] = (*self._by_key.get(key, ()), seen)

    def _forget(self) -> None:
        expired_ms = self._newest_ms - _KEPT_WINDOWS * self._window_ms
        while self._oldest and (self._oldest[0][0] <= expired_ms or len(self) > self._most):
            _, _, seen = heapq.heappop(self._oldest)
            for key in self._keys(seen.pairs, seen.decisive):
                self._drop(key, seen)

    def _drop(self, key: int, seen: _Seen) -> None:
        kept = tuple(other for other in self._by_key.get(key, ()) if other is not seen)
        if kept:
            self._by_key[key] = kept
        else:
            self._by_key.pop(key, None)
