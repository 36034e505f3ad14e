"""Notices that the host's clock was set, or that the host has slept."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from app.clock import ExchangeClock

_log = structlog.get_logger(__name__)

_LOOK_SECONDS: Final = 1.0


class HostClockWatch:
    """Calls `on_step` whenever wall time has moved against the monotonic clock.

    Timers run on the monotonic clock, so a look comes in time whatever the wall clock says.
    """

    def __init__(
        self,
        clock: ExchangeClock,
        on_step: Callable[[], Awaitable[None]],
        *,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._clock = clock
        self._on_step = on_step
        self._look_seconds = look_seconds

    async def run(self) -> None:
        """Look every second, until cancelled; a step that lasts is told once."""
        told = 0.0
        while True:
            await asyncio.sleep(self._look_seconds)
            moved = self._clock.host_step()
            if moved and moved != told:
                _log.warning("the host's clock has jumped", seconds=round(moved, 1))
                await self._on_step()
            told = moved
