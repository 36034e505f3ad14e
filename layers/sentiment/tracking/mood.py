"""The index of fear and greed, as answers told it."""

from typing import Final

from domain.sentiment import FearGreed
from layers.sentiment.fear_greed import HIGHEST, FearGreedShape
from layers.sentiment.tracking.parameters import Timeliness, milliseconds

_DAY_MS: Final = 86_400_000


class MoodHistory:
    """Which index is good at an instant: not too old, and told lately."""

    def __init__(self, shape: FearGreedShape, timeliness: Timeliness) -> None:
        self._good_ms = milliseconds(shape.good_for)
        self._confirmed_ms = milliseconds(shape.confirmed_within)
        self._kept_ms = self._confirmed_ms + milliseconds(timeliness.lateness)
        self._told: set[tuple[int, int, int]] = set()

    def observe(self, index: FearGreed, known_ms: int) -> bool:
        """Take in an index; False where it is none."""
        if not 0 <= index.value <= HIGHEST:
            return False
        if known_ms - index.published_ms <= self._good_ms + self._kept_ms:
            self._told.add((max(known_ms, index.published_ms), index.published_ms, index.value))
            newest = max(self._told)[0]
            self._told = {told for told in self._told if told[0] >= newest - self._kept_ms}
        return True

    def restore(self, value: int, at_ms: int) -> None:
        """Take in what was stored at an instant; its date is taken to be that day."""
        self.observe(FearGreed(value=value, published_ms=at_ms // _DAY_MS * _DAY_MS), at_ms)

    def reading(self, as_of_ms: int) -> tuple[FearGreed, int] | None:
        """The index of the newest date, and when it was last told; None when it is not good."""
        known = [
            (published, told, value)
            for told, published, value in self._told
            if as_of_ms - self._confirmed_ms <= told <= as_of_ms
        ]
        if not known:
            return None
        published, told, value = max(known)
        if published < as_of_ms - self._good_ms:
            return None
        return FearGreed(value=value, published_ms=published), told
