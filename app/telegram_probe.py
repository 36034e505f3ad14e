"""Asks Telegram for a sign of life, and remembers how that went."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from engine.monitoring.values import TelegramReading
from engine.ports.clock import Clock

_log = structlog.get_logger(__name__)

Ping = Callable[[], Awaitable[object]]
"""Any small question; raises where there is no good answer."""

_PATIENCE_SECONDS = 10.0


class TelegramProbe:
    """Without `ask_by`, messages go to the terminal, which needs no asking."""

    def __init__(self, clock: Clock) -> None:
        self._ping: Ping | None = None
        self._clock = clock
        self._last_good_at: datetime | None = None
        self._failures = 0
        self._last_error: str | None = None

    def ask_by(self, ping: Ping) -> None:
        """Messages go to Telegram, which is asked this way from now on."""
        self._ping = ping

    async def read(self) -> TelegramReading:
        """Ask, and tell."""
        if self._ping is not None:
            await self._ask(self._ping)
        return TelegramReading(
            is_terminal=self._ping is None,
            last_good_at=self._last_good_at,
            failures=self._failures,
            last_error=self._last_error,
        )

    async def _ask(self, ping: Ping) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await ping()
        except Exception as error:  # noqa: BLE001 - whatever it is, Telegram did not answer well
            self._failures += 1
            # Only its kind: texts of libraries may quote the address, and the token in it.
            self._last_error = type(error).__name__
            _log.debug("telegram does not answer", reason=self._last_error)
            return
        self._last_good_at, self._failures, self._last_error = self._clock.now(), 0, None
