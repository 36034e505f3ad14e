"""The delivery worker is killed at every step in turn: nothing goes out twice, nothing is lost."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest

from domain.messages import OutgoingMessage
from engine.ports.storage import OutboxState
from tests.fakes.storage import InMemoryStorage, InMemoryUnitOfWork
from tests.fakes.storage_transaction import MemoryTransaction
from tests.unit.bot.delivery_doubles import (
    ADMIN,
    Bench,
    FakeMessenger,
    edit,
    eventually,
    post,
    reply,
)

MESSAGES = (post(), reply("r1"), edit("e1"), post("alert", recipient=str(ADMIN)), edit("e2"))
UNSETTLED = (OutboxState.PENDING, OutboxState.SENDING)


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Fate:
    """Kills at the step with a number; the steps of a run are counted."""

    dies_at: int
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps - 1 == self.dies_at:
            raise Killed


class MortalStorage(InMemoryStorage):
    """Dies before or after a commit."""

    def __init__(self, lasting: InMemoryStorage, fate: Fate) -> None:
        self._shared = lasting._shared
        self._fate = fate

    def __call__(self) -> InMemoryUnitOfWork:
        return MortalUnitOfWork(MemoryTransaction(self._shared), self._fate)


class MortalUnitOfWork(InMemoryUnitOfWork):
    def __init__(self, transaction: MemoryTransaction, fate: Fate) -> None:
        super().__init__(transaction)
        self._fate = fate

    async def commit(self) -> None:
        self._fate.step()
        await super().commit()
        self._fate.step()


@dataclass
class MortalMessenger(FakeMessenger):
    """Dies before or after a message has arrived."""

    fate: Fate | None = None

    async def send(self, message: OutgoingMessage, *, reply_to: int | None) -> int:
        self._step()
        number = await super().send(message, reply_to=reply_to)
        self._step()
        return number

    async def edit(self, message: OutgoingMessage, message_id: int) -> None:
        self._step()
        await super().edit(message, message_id)
        self._step()

    def _step(self) -> None:
        if self.fate is not None:
            self.fate.step()


async def run_until_killed(dies_at: int) -> tuple[Bench, bool]:
    """A bench whose worker was killed at a step, and whether it came to that."""
    bench = Bench()
    await bench.make_admin()
    await bench.put(*MESSAGES)
    fate, lasting = Fate(dies_at), bench.storage
    messenger = MortalMessenger(fate=fate)
    bench.messenger, bench.storage = messenger, MortalStorage(lasting, fate)
    try:
        async with bench.running():
            await eventually(lambda: is_settled(lasting))
    except (Killed, BaseExceptionGroup):
        pass
    bench.storage, messenger.fate = lasting, None
    return bench, fate.steps > dies_at


def is_settled(storage: InMemoryStorage) -> bool:
    rows = storage._shared.committed.outbox.values()
    return all(row.state not in UNSETTLED or waits_for_doubt(storage, row.message) for row in rows)


def waits_for_doubt(storage: InMemoryStorage, message: OutgoingMessage) -> bool:
    """An edit of a post in doubt waits until an admin has answered."""
    rows = storage._shared.committed.outbox.values()
    return any(r.message.key == message.edits and r.state is OutboxState.UNKNOWN for r in rows)


async def test_killed_at_any_step_a_message_arrives_once_or_is_asked_about() -> None:
    dies_at, was_killed = 0, True
    while was_killed:
        bench, was_killed = await run_until_killed(dies_at)
        async with bench.running():
            await eventually(lambda: is_settled(bench.storage))  # noqa: B023 - awaited here
        await check(bench)
        dies_at += 1
    assert dies_at > 4 * len(set(MESSAGES))


async def check(bench: Bench) -> None:
    arrived = Counter(bench.messenger.delivered)
    for message in (m for m in MESSAGES if m.edits is None):
        row = await bench.row(message.key)
        assert arrived[message.key] <= 1
        assert row.state in (OutboxState.SENT, OutboxState.UNKNOWN)
        if row.state is OutboxState.UNKNOWN:
            question = f"doubt:{row.id}:{row.attempts}:{ADMIN}"
            assert arrived[question] == 1
        else:
            assert arrived[message.key] == 1
    if await bench.state("signal:1") is OutboxState.SENT:
        assert await bench.state("e2") is OutboxState.SENT


@pytest.mark.parametrize("key", ["signal:1", "e1"])
async def test_cancelled_while_handing_over_sends_are_asked_about_and_edits_repeated(
    key: str,
) -> None:
    bench = Bench()
    await bench.make_admin()
    bench.messenger.hold(key)
    await bench.put(post(), edit("e1"))
    running = asyncio.get_running_loop().create_task(bench.worker().run())
    await eventually(lambda: key in bench.messenger.handed())
    running.cancel()
    await asyncio.wait([running])
    assert await bench.state(key) is OutboxState.SENDING
    bench.messenger.gates.clear()
    expected = OutboxState.UNKNOWN if key == "signal:1" else OutboxState.SENT
    async with bench.running():
        await bench.until(key, expected)
        await eventually(lambda: is_settled(bench.storage))
    assert bench.messenger.handed().count("signal:1") == 1
