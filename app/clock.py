"""The one clock: follows exchange time, and knows how fast a simulated venue's time runs."""

import asyncio
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

_STEP_SECONDS: Final = 2.0
"""More than time servers slew between two measurements."""


def wall_now() -> datetime:
    """Time of the host, aware UTC: for waking up, never for deciding."""
    return datetime.now(UTC)


def cpu_seconds() -> float:
    """Seconds of computing that this process has had."""
    return time.process_time()


class ExchangeClock:
    """Exchange time, extrapolated from the newest reading; host time until there is one.

    `speed` is how many exchange seconds pass in a wall second (1 on a real venue).
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = wall_now,
    ) -> None:
        self.speed = speed
        self._monotonic = monotonic
        self._wall = wall
        self._anchor = wall()
        self._anchor_at = monotonic()
        self._measured_at: float | None = None
        self._host_offset = self._offset_of_host()

    def now(self) -> datetime:
        """Exchange time, aware UTC."""
        return self._at(self._monotonic())

    def monotonic(self) -> float:
        """Wall seconds that never go back."""
        return self._monotonic()

    async def sleep(self, exchange_seconds: float) -> None:
        """Sleep a span of exchange time."""
        await asyncio.sleep(exchange_seconds / self.speed)

    def align(self, exchange_now: datetime, at_monotonic: float) -> timedelta:
        """Follow a reading of exchange time taken at a monotonic second; by how much it moved."""
        moved = self.distance_to(exchange_now, at_monotonic)
        self._anchor = exchange_now
        self._anchor_at = self._measured_at = at_monotonic
        self._host_offset = self._offset_of_host()
        return moved

    def distance_to(self, exchange_now: datetime, at_monotonic: float) -> timedelta:
        """By how much a reading would move it."""
        return exchange_now - self._at(at_monotonic)

    @property
    def is_measured(self) -> bool:
        """Whether it has followed a reading yet."""
        return self._measured_at is not None

    def age_seconds(self) -> float:
        """Wall seconds since exchange time was measured; without a measurement infinite.

        Infinite as well when the host's clock has jumped since: while the host slept, exchange time
        went on unseen.
        """
        measured_at = self._measured_at
        if measured_at is None or self.host_step():
            return math.inf
        return self._monotonic() - measured_at

    def host_step(self) -> float:
        """Seconds by which the host's clock has jumped since exchange time was measured, or 0."""
        moved = self._offset_of_host() - self._host_offset
        return moved if abs(moved) > _STEP_SECONDS else 0.0

    def wall_time_of(self, exchange_at: datetime) -> datetime:
        """Host time at which an exchange instant is reached."""
        return self._wall() + (exchange_at - self.now()) / self.speed

    def exchange_time_of(self, wall_at: datetime) -> datetime:
        """Exchange time at a host instant."""
        return self.now() + (wall_at - self._wall()) * self.speed

    def _offset_of_host(self) -> float:
        return self._wall().timestamp() - self._monotonic()

    def _at(self, monotonic: float) -> datetime:
        return self._anchor + timedelta(seconds=(monotonic - self._anchor_at) * self.speed)
