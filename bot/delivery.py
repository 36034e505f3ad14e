"""The delivery worker: outbox to messenger, in order per recipient, within the limits."""

import asyncio
import logging
from contextlib import suppress
from typing import Final, Protocol

from bot.delivery_parameters import DeliveryParameters
from bot.handover import Delivered, Handover, OnDelivered
from bot.messenger import Messenger
from bot.pace import Pace
from domain.errors import StorageUnavailableError
from engine.ports.clock import Clock
from engine.ports.storage import OutboxRow, Storage

_log = logging.getLogger(__name__)

_POLL_SECONDS: Final = 1.0
"""How long a message waits at most when nobody woke the worker."""

_LONGEST_STORAGE_PAUSE: Final = 5.0
"""Wall seconds between attempts while storage is away."""


class WakeUp(Protocol):
    """Set by whoever has put something into the outbox (an `asyncio.Event` will do)."""

    def set(self) -> None:
        """There is something to do."""

    def clear(self) -> None:
        """The worker has begun to look."""

    async def wait(self) -> object:
        """Until it is set."""


def ignore_delivered(delivered: Delivered) -> None:
    """For those who do not measure."""


class DeliveryWorker:
    """Runs until stopped. One per outbox: it settles what an earlier one left behind.

    Recipients are independent of each other: each has at most one message under way, and one that
    has to wait does not hold up the others.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        messenger: Messenger,
        clock: Clock,
        parameters: DeliveryParameters,
        wake: WakeUp,
        on_delivered: OnDelivered = ignore_delivered,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._parameters = parameters
        self._pace = Pace(parameters)
        self._wake = wake
        self._handover = Handover(
            storage=storage,
            messenger=messenger,
            clock=clock,
            parameters=parameters,
            on_delivered=on_delivered,
        )
        self._busy: set[str] = set()
        self._is_stopping = False
        self._failure: Exception | None = None
        self._storage_pauses = 0

    async def run(self) -> None:
        """Deliver until `stop`, waiting out a storage that is away.

        Raises whatever else went wrong, once no message is under way; may be run again then.
        """
        while not self._is_stopping:
            try:
                await self._deliver_all()
            except StorageUnavailableError as away:
                await self._wait_for_storage(away)

    async def _deliver_all(self) -> None:
        self._failure = None
        await self._handover.recover()
        if self._storage_pauses:
            _log.info("storage answers again, delivery goes on")
            self._storage_pauses = 0
        async with asyncio.TaskGroup() as group:
            await self._work(group)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Begin nothing new, for good; `run` returns when the messages under way are through."""
        self._is_stopping = True
        self._wake.set()

    async def _work(self, group: asyncio.TaskGroup) -> None:
        try:
            while not self._is_stopping and self._failure is None:
                self._wake.clear()
                await self._sleep(await self._begin_due(group))
        except Exception as failure:  # noqa: BLE001 - raised by run() when nothing is under way
            self._fail(failure)

    async def _begin_due(self, group: asyncio.TaskGroup) -> float:
        """Begin every delivery that is due and allowed; wall seconds until the next look."""
        pause = await self._handover.find_pause()
        if pause > 0:
            return pause
        async with self._storage() as unit:
            rows = await unit.outbox.list_due(self._clock.now())
        wait = _POLL_SECONDS
        for row in rows:
            if row.message.recipient in self._busy:
                continue
            delay = self._pace.delay(row.message.recipient, self._clock.monotonic())
            if delay > 0:
                wait = min(wait, delay)
            else:
                self._begin(row, group)
        return wait

    def _begin(self, row: OutboxRow, group: asyncio.TaskGroup) -> None:
        recipient = row.message.recipient
        self._pace.take(recipient, self._clock.monotonic())
        self._busy.add(recipient)
        group.create_task(self._deliver(row), name=f"deliver {row.id}")

    async def _deliver(self, row: OutboxRow) -> None:
        recipient = row.message.recipient
        try:
            pause = await self._handover.deliver(row)
            self._pace.pause(recipient, self._clock.monotonic() + pause)
        except Exception as failure:  # noqa: BLE001 - others under way are not to be cut off
            self._fail(failure)
        finally:
            self._busy.discard(recipient)
            self._wake.set()

    def _fail(self, failure: Exception) -> None:
        if not isinstance(failure, StorageUnavailableError):
            _log.error("delivery stops: %s", failure, exc_info=failure)
        self._failure = self._failure or failure
        self._wake.set()

    async def _wait_for_storage(self, away: StorageUnavailableError) -> None:
        level = logging.DEBUG if self._storage_pauses else logging.WARNING
        _log.log(level, "delivery waits for storage: %s", away)
        self._storage_pauses += 1
        self._wake.clear()
        if not self._is_stopping:
            back_off = self._parameters.back_off(self._storage_pauses)
            await self._sleep(min(_LONGEST_STORAGE_PAUSE, back_off))

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
