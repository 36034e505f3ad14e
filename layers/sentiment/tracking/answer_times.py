"""When providers answered: what the age of a reading is taken from."""

from bisect import bisect_right, insort


class AnswerTimes:
    """Times of the last `kept_ms` before the newest, and of one answer before these."""

    def __init__(self, kept_ms: int) -> None:
        self._kept_ms = kept_ms
        self._times: list[int] = []

    def add(self, at_ms: int) -> None:
        """There was an answer."""
        insort(self._times, at_ms)
        oldest = bisect_right(self._times, self._times[-1] - self._kept_ms)
        del self._times[: max(0, oldest - 1)]

    def newest(self, as_of_ms: int) -> int:
        """The last one up to an instant, 0 without any."""
        place = bisect_right(self._times, as_of_ms)
        return self._times[place - 1] if place else 0
