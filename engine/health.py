"""Use case: how the bot and each of its sources of outside data are doing."""

from collections.abc import Awaitable, Callable, Sequence

from domain.feeds import FeedHealth
from engine.reports import HealthReport, StatusReport


class ReadHealth:
    """Everything that the status tells, and the state of every feed."""

    def __init__(
        self,
        *,
        read_status: Callable[[], Awaitable[StatusReport]],
        feeds: Callable[[], Sequence[FeedHealth]],
    ) -> None:
        self._read_status = read_status
        self._feeds = feeds

    async def __call__(self) -> HealthReport:
        """The state of things now; feeds in the order in which they are given."""
        return HealthReport(status=await self._read_status(), feeds=tuple(self._feeds()))
