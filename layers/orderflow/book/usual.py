"""What is usual for this pair: running means, by time and not by count of updates."""

import math

from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book.snapshot import Snapshot


class RunningMean:
    """Mean of a value over the time it was held; what lies long back counts exponentially less."""

    def __init__(self, memory_seconds: float, known_seconds: float) -> None:
        self._memory_seconds = memory_seconds
        self._known_seconds = known_seconds
        self._watched_seconds = 0.0
        self._sum = 0.0
        self._weight = 0.0

    def hold(self, value: float, seconds: float) -> None:
        """The value was held for so long."""
        fading = math.exp(-seconds / self._memory_seconds)
        self._sum = self._sum * fading + value * (1.0 - fading)
        self._weight = self._weight * fading + (1.0 - fading)
        self._watched_seconds += seconds

    def ratio(self, value: float) -> float | None:
        """A value over the mean; None until the mean is known."""
        if self._watched_seconds < self._known_seconds or self._sum <= 0.0:
            return None
        return value * self._weight / self._sum


class UsualBook:
    """Mean spread and mean depth of a pair. Time in which the book was not known does not count."""

    def __init__(self, parameters: BookParameters) -> None:
        memory, known = parameters.usual_seconds, parameters.usual_known_seconds
        self._spread = RunningMean(memory, known)
        self._depth = RunningMean(memory, known)

    def hold(self, book: Snapshot, until_ms: int) -> None:
        """A book stood until the next one came."""
        seconds = (until_ms - book.exchange_ms) / 1000.0
        self._spread.hold(book.spread, seconds)
        self._depth.hold(_depth(book), seconds)

    def spread_ratio(self, book: Snapshot) -> float | None:
        """Spread over its mean."""
        return self._spread.ratio(book.spread)

    def depth_ratio(self, book: Snapshot) -> float | None:
        """Depth of both sides in quote currency over its mean."""
        return self._depth.ratio(_depth(book))


def _depth(book: Snapshot) -> float:
    return book.bids.value + book.asks.value
