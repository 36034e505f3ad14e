"""Notices that wait on one way out, bounded: what matters least is dropped first, and counted."""

from collections.abc import Collection

from engine.monitoring.values import Notice


class Backlog:
    """Keeps at most `most` notices in the order of their arrival.

    Beyond that the oldest of the least severe is dropped, the newcomer itself where it is that one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._notices: list[Notice] = []
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._notices)

    def add(self, notice: Notice) -> None:
        """Keep it, as long as there is room."""
        self._notices.append(notice)
        if len(self._notices) > self._most:
            least = min(self._notices, key=lambda kept: kept.severity.urgency)
            self._notices.remove(least)
            self.dropped += 1

    def oldest(self, most: int | None = None) -> tuple[Notice, ...]:
        """The first `most` of them, all for None."""
        return tuple(self._notices[:most])

    def remove(self, notices: Collection[Notice]) -> None:
        """They have gone out; those dropped meanwhile are no matter."""
        self._notices = [notice for notice in self._notices if notice not in notices]
