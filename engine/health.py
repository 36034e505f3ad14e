"""Use case: how the bot and each of its sources of outside data are doing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.errors import StorageUnavailableError
from domain.feeds import FeedHealth
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.judge import find_troubles
from engine.monitoring.values import HealthReading
from engine.reports import HealthReport, StatusReport


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReader:
    """Reads the running bot, and judges what it has read by these limits."""

    read: Callable[[], Awaitable[HealthReading]]
    parameters: HealthParameters


class ReadHealth:
    """Everything that the status tells, the state of every feed, and with a reader what it reads.

    Troubles are those of this very moment, before any other reading has confirmed them.
    """

    def __init__(
        self,
        *,
        read_status: Callable[[], Awaitable[StatusReport]],
        feeds: Callable[[], Sequence[FeedHealth]],
        reader: HealthReader | None = None,
    ) -> None:
        self._read_status = read_status
        self._feeds = feeds
        self._reader = reader

    async def __call__(self) -> HealthReport:
        """The state of things now; feeds in the order in which they are given.

        Raises `StorageUnavailableError` when the database is away and there is no reader.
        """
        feeds = tuple(self._feeds())
        if self._reader is None:
            return HealthReport(status=await self._read_status(), feeds=feeds)
        reading = await self._reader.read()
        status = await self._status_if_known()
        standing = find_troubles(reading, self._reader.parameters)
        return HealthReport(status=status, feeds=feeds, reading=reading, standing=standing)

    async def _status_if_known(self) -> StatusReport | None:
        try:
            return await self._read_status()
        except StorageUnavailableError:
            return None  # the reading says so, with the reason
