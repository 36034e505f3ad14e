"""Doubles for the delivery worker: a messenger that fails on request, a clock, and a bench."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.delivery import DeliveryWorker
from bot.delivery_parameters import DeliveryParameters
from bot.handover import Delivered
from domain.access import Role
from domain.messages import CHANNEL, Button, OutgoingMessage
from engine.ports.storage import OutboxRow, OutboxState
from tests.fakes.storage import InMemoryStorage

NOW = datetime(2025, 10, 6, 14, 0, tzinfo=UTC)
ADMIN = 4711


class StandingClock:
    """Exchange time stands still; the monotonic clock is the machine's."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, exchange_seconds: float) -> None:
        await asyncio.sleep(exchange_seconds)


@dataclass
class Call:
    kind: str
    key: str
    text: str
    reference: int | None


@dataclass
class FakeMessenger:
    """Works, and remembers; waits at gates and raises queued failures first."""

    calls: list[Call] = field(default_factory=list)
    failures: dict[str, list[BaseException]] = field(default_factory=dict)
    delivered: list[str] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    silences: list[BaseException] = field(default_factory=list)
    buttons: list[tuple[Button, ...]] = field(default_factory=list)

    def fail(self, key: str, *failures: BaseException) -> None:
        self.failures.setdefault(key, []).extend(failures)

    def hold(self, key: str) -> asyncio.Event:
        return self.gates.setdefault(key, asyncio.Event())

    async def send(self, message: OutgoingMessage, *, reply_to: int | None) -> int:
        self.buttons.append(message.buttons)
        await self._take(Call("send", message.key, message.text, reply_to))
        return 100 + len(self.delivered)

    async def edit(self, message: OutgoingMessage, message_id: int) -> None:
        self.buttons.append(message.buttons)
        await self._take(Call("edit", message.key, message.text, message_id))

    async def check(self) -> None:
        if self.silences:
            raise self.silences.pop(0)

    def handed(self) -> list[str]:
        return [call.key for call in self.calls]

    async def _take(self, call: Call) -> None:
        self.calls.append(call)
        if gate := self.gates.get(call.key):
            await gate.wait()
        if pending := self.failures.get(call.key):
            raise pending.pop(0)
        self.delivered.append(call.key)


NO_LIMITS = DeliveryParameters(
    chat_interval=0.0, overall_interval=0.0, group_per_minute=1_000_000, first_back_off=0.01
)


class Bench:
    """An outbox, a messenger and a worker between them."""

    def __init__(self, parameters: DeliveryParameters = NO_LIMITS) -> None:
        self.storage = InMemoryStorage()
        self.messenger = FakeMessenger()
        self.wake = asyncio.Event()
        self.clock = StandingClock()
        self.measured: list[Delivered] = []
        self.parameters = parameters

    def worker(self) -> DeliveryWorker:
        return DeliveryWorker(
            storage=self.storage,
            messenger=self.messenger,
            clock=self.clock,
            parameters=self.parameters,
            wake=self.wake,
            on_delivered=self.measured.append,
        )

    async def put(self, *messages: OutgoingMessage) -> None:
        async with self.storage() as unit:
            await unit.outbox.put(messages, at=NOW)
            await unit.commit()
        self.wake.set()

    async def make_admin(self, user_id: int = ADMIN) -> None:
        async with self.storage() as unit:
            await unit.users.grant(user_id, Role.ADMIN, at=NOW, how="test")
            await unit.commit()

    async def row(self, key: str) -> OutboxRow:
        async with self.storage() as unit:
            row = await unit.outbox.find_by_key(key)
        assert row is not None, f"no row {key}"
        return row

    async def state(self, key: str) -> OutboxState:
        return (await self.row(key)).state

    async def until(self, key: str, state: OutboxState) -> None:
        await eventually(lambda: self._is(key, state))

    def _is(self, key: str, state: OutboxState) -> bool:
        rows = self.storage._shared.committed.outbox.values()
        return any(row.message.key == key and row.state is state for row in rows)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[DeliveryWorker]:
        worker = self.worker()
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            yield worker
            worker.stop()


async def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is looked at has no event
            await asyncio.sleep(0.002)


def post(
    key: str = "signal:1", *, recipient: str = CHANNEL, text: str = "<b>post</b>"
) -> OutgoingMessage:
    return OutgoingMessage(key=key, recipient=recipient, text=text)


def edit(key: str, of: str = "signal:1", text: str = "edited") -> OutgoingMessage:
    return OutgoingMessage(key=key, recipient=CHANNEL, text=text, edits=of)


def reply(key: str, to: str = "signal:1") -> OutgoingMessage:
    return OutgoingMessage(key=key, recipient=CHANNEL, text="reply", replies_to=to)
