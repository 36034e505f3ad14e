"""A venue that is away at the start may come back; telling so is all there is to do."""

import asyncio
import random  # noqa: TID251 - app owns randomness
from collections.abc import Awaitable, Callable

import structlog

from app.clock import ExchangeClock
from app.life import Life
from app.settings.sections import ExchangeSettings
from domain.errors import TemporaryVenueError
from exchanges.back_off import BackOff

_log = structlog.get_logger(__name__)


class VenueAtStart:
    """Waits, and notes in the bot's life until when it did."""

    def __init__(self, settings: ExchangeSettings, clock: ExchangeClock, life: Life) -> None:
        self._settings = settings
        self._clock = clock
        self._life = life

    async def until_answers(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do some work, again and again until the venue answers to it."""
        pause = BackOff(random.random)
        while True:
            try:
                return await work()
            except TemporaryVenueError as error:
                seconds = pause.next_seconds()
                _log.warning(
                    "exchange does not answer, trying again",
                    exchange=self._settings.name,
                    rest_url=self._settings.rest_url or "its own address",
                    reason=str(error),
                    wall_seconds=round(seconds, 1),
                )
                await asyncio.sleep(seconds)
                self._life.waited_until = self._clock.monotonic()
