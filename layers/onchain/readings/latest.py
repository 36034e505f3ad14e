"""Facts of which only the newest counts, in the order of their answers."""

from bisect import bisect_right, insort
from typing import Generic, NamedTuple, TypeVar

Fact = TypeVar("Fact")


class Answered(NamedTuple, Generic[Fact]):
    """A fact, when it was told, and by whom."""

    answered_ms: int
    provider: str
    fact: Fact


def _time(answered: Answered[Fact]) -> int:
    return answered.answered_ms


def _rank(answered: Answered[Fact]) -> tuple[int, str]:
    return answered.answered_ms, answered.provider


class Latest(Generic[Fact]):
    """Answers may come in any order; a reading sees the newest that was there at its instant."""

    def __init__(self) -> None:
        self._answers: list[Answered[Fact]] = []

    def __bool__(self) -> bool:
        return bool(self._answers)

    def add(self, answered_ms: int, provider: str, fact: Fact) -> None:
        """Take in a fact."""
        insort(self._answers, Answered(answered_ms, provider, fact), key=_rank)

    def newest(self, at_ms: int, since_ms: int) -> Answered[Fact] | None:
        """The newest in (since, at]; of one instant, that of the last provider by name."""
        position = bisect_right(self._answers, at_ms, key=_time)
        if not position or self._answers[position - 1].answered_ms <= since_ms:
            return None
        return self._answers[position - 1]

    def forget_before(self, oldest_ms: int) -> None:
        """Drop what was told before an instant."""
        self._answers = [each for each in self._answers if each.answered_ms >= oldest_ms]
