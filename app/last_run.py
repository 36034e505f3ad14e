"""Tells that the run before this one ended without a word: nobody else could."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Final

from domain.errors import StorageUnavailableError
from engine.monitoring.telling import TellOperators
from engine.monitoring.work_rules import sudden_end_notice
from engine.ports.clock import Clock
from engine.ports.storage import Storage

_SIGN_SECONDS: Final = 60.0


class LastRun:
    """Leaves a sign of life in the database, and takes it away at an end in order.

    A sign that is there at the start was left by a run that was killed, hung, or lost its machine.
    """

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        operators: TellOperators,
        *,
        sign_seconds: float = _SIGN_SECONDS,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._operators = operators
        self._sign_seconds = sign_seconds
        self._has_begun = False
        self._left_at: datetime | None = None

    async def begin(self) -> None:
        """Find out how the last run ended, and leave the first sign of this one."""
        async with self._storage() as unit:
            self._left_at = await unit.state.get_sign_of_life()
            await unit.state.set_sign_of_life(self._clock.now())
            await unit.commit()
        self._has_begun = True

    async def run(self) -> None:
        """Tell of a sudden end, then leave a sign every wall minute, until cancelled."""
        # One that is killed again and again must not tell so each time.
        await self._operators.restored.wait()
        if self._left_at is not None:
            self._operators.note(sudden_end_notice(self._left_at, self._clock.now()))
            self._left_at = None
        while True:
            await asyncio.sleep(self._sign_seconds)
            await self._leave(self._clock.now())

    async def end(self) -> None:
        """This run ends in order; one that never had the database leaves another's sign alone."""
        if self._has_begun:
            await self._leave(None)

    async def _leave(self, sign: datetime | None) -> None:
        """A database that is away is told of elsewhere."""
        with suppress(StorageUnavailableError):
            async with self._storage() as unit:
                await unit.state.set_sign_of_life(sign)
                await unit.commit()
