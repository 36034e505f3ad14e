"""Keeps an account under watch: its stream is a hint, its stops are asked about, and every now and
then all of it is compared.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from domain.errors import AccessRefusedError, QuorumError, RateLimitedError
from engine.execution.desk.account_venue import AccountVenue
from engine.execution.desk.alarms import Alarms
from engine.execution.desk.pauses import Pauses
from engine.execution.desk.position_worker import PositionWorker
from engine.execution.desk.reconciling import Reconciler
from engine.execution.parameters import ExecutionParameters
from engine.ports.broker import AnyPair, Hint
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
"""Wall seconds between attempts to reach a venue that does not answer."""

_LEAST_PAUSE: Final = 0.25
"""Wall seconds between two readings, however fast the venue's time runs."""

_BLIND_AFTER: Final = 5
"""Readings that fail in a row before admins are told."""


class Watchdog:
    """Watches one account until cancelled. `workers` are the positions at work on it."""

    def __init__(
        self,
        venue: AccountVenue,
        *,
        reconciler: Reconciler,
        alarms: Alarms,
        workers: Callable[[], list[PositionWorker]],
        clock: Clock,
        parameters: ExecutionParameters,
    ) -> None:
        self._venue = venue
        self._reconciler = reconciler
        self._alarms = alarms
        self._workers = workers
        self._clock = clock
        self._parameters = parameters
        self._failures = 0

    async def run(self) -> None:
        """Compare, listen and watch."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_comparing(), name=f"compare {self._venue.name}")
            group.create_task(self._keep_listening(), name=f"listen to {self._venue.name}")
            group.create_task(self._keep_watching(), name=f"watch {self._venue.name}")

    async def compare(self) -> bool:
        """Compare the account with the books now; false, and a line in the log, where it failed."""
        return await self._attempt("compared", self._compare)

    async def look(self) -> bool:
        """Read positions and their open orders once for all of them; false where that failed.

        Only the pairs at work are asked about: all of them, every few seconds, would use up the
        venue's limit for one account alone. Every position is woken before it, too: what time alone
        decides must not wait for an answer.
        """
        self._wake_all()
        is_read = await self._attempt("read", self._read)
        self._failures = 0 if is_read else self._failures + 1
        await self._tell_blindness()
        self._wake_all()
        return is_read

    def on_hint(self, hint: Hint) -> None:
        """Something happened; what a stream may have missed is found by comparing the account."""
        for worker in self._workers():
            if isinstance(hint, AnyPair) or hint == worker.books.position.symbol:
                worker.hint()
        if hint is AnyPair.STREAM_BEGAN:
            self._venue.compare.set()

    def _wake_all(self) -> None:
        for worker in self._workers():
            worker.wake()

    async def _keep_comparing(self) -> None:
        pauses = Pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
        wait = self._parameters.compare_seconds if self._venue.is_reconciled else 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._venue.compare.wait()
            if await self.compare():
                pauses.reset()
                wait = self._parameters.compare_seconds
            else:
                wait = pauses.next()

    async def _keep_listening(self) -> None:
        pauses = Pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
        while True:
            began_at = self._clock.monotonic()
            await self._attempt("listened to", self._listen)
            if self._clock.monotonic() - began_at > _LONGEST_PAUSE:
                pauses.reset()
            await asyncio.sleep(pauses.next())
            self.on_hint(AnyPair.STREAM_BEGAN)

    async def _keep_watching(self) -> None:
        while True:
            await self._clock.sleep(self._parameters.watch_seconds)
            await asyncio.sleep(_LEAST_PAUSE)
            if self._workers():
                await self.look()

    async def _compare(self) -> None:
        self._venue.compare.clear()
        await self._reconciler.reconcile(self._venue)

    async def _listen(self) -> None:
        await self._reconciler.connect(self._venue)
        await self._venue.connected().run(self.on_hint)

    async def _read(self) -> None:
        await self._venue.read({worker.books.position.symbol for worker in self._workers()})

    async def _attempt(self, what: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do it; false, and a line in the log, where it failed."""
        try:
            await work()
        except RateLimitedError as error:
            self._venue.heed(error)
            _log.warning("%s is not %s: %s", self._venue.name, what, error)
        except AccessRefusedError as error:
            self._venue.rest(self._parameters.watch_seconds)
            await self._reconciler.refuse_access(self._venue, str(error))
        except QuorumError as error:
            _log.warning("%s is not %s: %s", self._venue.name, what, error)
        except Exception:  # noqa: BLE001 - a mistake of ours must not end the watch
            _log.exception("%s could not be %s", self._venue.name, what)
        else:
            return True
        return False

    async def _tell_blindness(self) -> None:
        subject = f"{self._venue.name}:blind"
        if self._failures == 0:
            self._alarms.is_over(subject)
        elif self._failures >= _BLIND_AFTER:
            text = (
                f"{self._venue.name}: the exchange has not told open orders and positions for "
                f"{self._failures} readings. Stops that rest there still work; look at them there."
            )
            await self._alarms.raise_once(subject, text)
