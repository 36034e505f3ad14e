"""Facts in the order of their times, kept as long as a late reading may ask for them."""

from collections import deque
from typing import Generic, TypeVar

Fact = TypeVar("Fact")


class Timeline(Generic[Fact]):
    """Facts of the last `kept_ms` before the newest one."""

    def __init__(self, kept_ms: int) -> None:
        self.kept_ms = kept_ms
        self._facts: deque[tuple[int, Fact]] = deque()

    def __len__(self) -> int:
        return len(self._facts)

    def add(self, at_ms: int, fact: Fact) -> bool:
        """Keep a fact; one that is not later than the newest is left out. Whether it was kept."""
        if self._facts and at_ms <= self._facts[-1][0]:
            return False
        self._facts.append((at_ms, fact))
        while self._facts[0][0] < at_ms - self.kept_ms:
            self._facts.popleft()
        return True

    def between(self, first_ms: int, last_ms: int) -> list[tuple[int, Fact]]:
        """Times and facts from `first_ms` to `last_ms`, both included, oldest first."""
        return [(at, fact) for at, fact in self._facts if first_ms <= at <= last_ms]

    def newest(self, at_ms: int, oldest_ms: int) -> tuple[int, Fact] | None:
        """Time and fact: the last one up to `at_ms`, if not before `oldest_ms`."""
        for known_at, fact in reversed(self._facts):
            if known_at <= at_ms:
                return (known_at, fact) if known_at >= oldest_ms else None
        return None
