"""Tells that the run before this one ended without a word: nobody else could."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Final

from domain.errors import QuorumError
from engine.monitoring.telling import TellOperators
from engine.monitoring.work_rules import sudden_end_notice
from engine.ports.clock import Clock
from engine.ports.storage import Storage

_NOTE_SECONDS: Final = 60.0


class LastRun:
    """Notes in the database when the bot was last seen, and takes that away at an end in order.

    What is there at the start was left by a run that was killed, hung, or lost its machine.
    """

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        operators: TellOperators,
        *,
        note_seconds: float = _NOTE_SECONDS,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._operators = operators
        self._note_seconds = note_seconds
        self._has_begun = False
        self._left_at: datetime | None = None

    async def begin(self) -> None:
        """Find out how the last run ended, and begin this one."""
        async with self._storage() as unit:
            self._left_at = await unit.state.get_last_seen()
            await unit.state.set_last_seen(self._clock.now())
            await unit.commit()
        self._has_begun = True

    async def run(self) -> None:
        """Tell of a sudden end, then note every wall minute that the bot runs, until cancelled."""
        # One that is killed again and again must not tell so each time.
        await self._operators.restored.wait()
        if self._left_at is not None:
            self._operators.note(sudden_end_notice(self._left_at, self._clock.now()))
            self._left_at = None
        while True:
            await asyncio.sleep(self._note_seconds)
            await self._note(self._clock.now())

    async def end(self) -> None:
        """This run ends in order; one that never had the database leaves another's note alone."""
        if self._has_begun:
            await self._note(None)

    async def _note(self, seen_at: datetime | None) -> None:
        """A database that is away is told of elsewhere."""
        with suppress(QuorumError):
            async with self._storage() as unit:
                await unit.state.set_last_seen(seen_at)
                await unit.commit()
