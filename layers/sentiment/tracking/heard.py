"""Which providers of texts were listened to, and when: silence of others is not silence."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.sentiment.tracking.answer_times import AnswerTimes
from layers.sentiment.tracking.quarters import (
    HOUR,
    WEEK,
    QuarterRows,
    last_whole_quarter,
    quarter_of,
)

_MOST_PROVIDERS: Final = 64


class HeardProviders:
    """A provider is heard in a quarter when it answered in the hour up to the quarter's end.

    Providers count from their first text on; before, what they tell is not known.
    """

    def __init__(self, kept_ms: int) -> None:
        self._quarters = QuarterRows(_MOST_PROVIDERS)
        self._providers: set[str] = set()
        self._answers = AnswerTimes(kept_ms)

    def answered(self, provider: str, known_ms: int, *, has_texts: bool) -> None:
        """A provider answered, perhaps with nothing new."""
        if has_texts:
            self._providers.add(provider)
        if provider not in self._providers:
            return
        first = quarter_of(known_ms)
        for quarter in range(first, first + HOUR):
            self._quarters.put(provider, quarter, 1.0)
        self._answers.add(known_ms)

    def restore(self, providers: tuple[str, ...], at_ms: int) -> None:
        """Take in who was heard in the quarter that ended at an instant."""
        for provider in providers:
            self._providers.add(provider)
            self._quarters.put(provider, quarter_of(at_ms), 1.0)
        if providers:
            self._answers.add(at_ms)

    def now(self, as_of_ms: int) -> tuple[str, ...]:
        """Who is heard in the newest whole quarter, by name."""
        last = last_whole_quarter(as_of_ms)
        is_heard = self._quarters.between(last, last)[:, 0] > 0.0
        return tuple(sorted(name for name in self._providers if is_heard[self._row(name)]))

    def like_now(self, as_of_ms: int) -> NDArray[np.bool_]:
        """For each quarter of the last week, whether all who are heard now were heard then."""
        last = last_whole_quarter(as_of_ms)
        heard = self._quarters.between(last - WEEK + 1, last) > 0.0
        rows = [self._row(name) for name in self.now(as_of_ms)]
        like_now: NDArray[np.bool_] = np.logical_and.reduce(heard[rows], axis=0)
        return like_now

    def newest_answer(self, as_of_ms: int) -> int:
        """When one of them last answered, 0 if never."""
        return self._answers.newest(as_of_ms)

    def _row(self, provider: str) -> int:
        row = self._quarters.row_of(provider)
        return 0 if row is None else row
