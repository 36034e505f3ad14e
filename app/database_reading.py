"""Asks the database how it is doing: whether it answers, and takes what is written, in time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from domain.errors import StorageUnavailableError
from engine.monitoring.values import StoreReading
from engine.ports.clock import Clock
from engine.ports.storage import OutboxDepth, Storage

LONGEST_SECONDS: Final = 12.0
"""Longer than SQLite waits for another process to finish writing (`db/engine.py`): somebody who
was in its way for a moment only is no outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the database told, nothing while it is away."""

    store: StoreReading
    outbox: OutboxDepth | None = None
    is_paused: bool = False


class ReadDatabase:
    """One look at the database, of `longest_seconds` of the wall at most.

    `name` is what the database is called; `redact` cuts secrets out of what it complains of.
    """

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        *,
        name: str,
        redact: Callable[[str], str],
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._name = name
        self._redact = redact
        self._longest = longest_seconds
        self._asked: asyncio.Future[Kept] | None = None

    async def __call__(self) -> Kept:
        """What it told, or that it told nothing in time."""
        # A question that nobody has answered goes on by itself. To cancel it would be to wait for
        # its connection, which hangs as well; to ask anew would take one connection more.
        if self._asked is None or self._asked.done():
            self._asked = asyncio.shield(self._ask())
        asked = self._asked
        await asyncio.wait({asked}, timeout=self._longest)
        if not asked.done():
            return self._silent(f"no answer within {self._longest:g} s")
        return asked.result()

    async def _ask(self) -> Kept:
        asked_at = self._clock.monotonic()
        try:
            async with self._storage() as unit:
                outbox, pause = await unit.outbox.depth(), await unit.state.get_pause()
                milliseconds = (self._clock.monotonic() - asked_at) * 1000
                # Last, and not timed: others may be writing, which makes nobody slow.
                await unit.state.check_writing()
                await unit.commit()
        except StorageUnavailableError as error:
            return self._silent(self._redact(str(error)))
        store = StoreReading(name=self._name, error=None, milliseconds=milliseconds)
        return Kept(store=store, outbox=outbox, is_paused=pause.is_paused)

    def _silent(self, reason: str) -> Kept:
        return Kept(store=StoreReading(name=self._name, error=reason, milliseconds=None))
