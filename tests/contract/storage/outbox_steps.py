"""Short ways to say what happens to messages in tests of the outbox."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from domain.messages import CHANNEL, OutgoingMessage
from engine.ports.storage import OutboxRow, OutboxState, Storage
from tests.builders.signals import CLOSED_AT as NOW

Step = Callable[[Storage, str], Awaitable[object]]
"""Moves the message with a key."""


def make_message(
    key: str,
    *,
    recipient: str = CHANNEL,
    text: str = "text",
    edits: str | None = None,
    replies_to: str | None = None,
) -> OutgoingMessage:
    return OutgoingMessage(
        key=key, recipient=recipient, text=text, edits=edits, replies_to=replies_to
    )


async def put(storage: Storage, *messages: OutgoingMessage, at: datetime = NOW) -> None:
    async with storage() as unit:
        await unit.outbox.put(messages, at=at)
        await unit.commit()


async def put_anew(storage: Storage, message: OutgoingMessage, *, at: datetime) -> None:
    async with storage() as unit:
        await unit.outbox.put_anew(message, at=at)
        await unit.commit()


async def due_keys(storage: Storage, now: datetime = NOW) -> list[str]:
    async with storage() as unit:
        return [row.message.key for row in await unit.outbox.list_due(now)]


async def row_of(storage: Storage, key: str) -> OutboxRow:
    async with storage() as unit:
        row = await unit.outbox.find_by_key(key)
    assert row is not None, f"no row has the key {key}"
    return row


async def state_of(storage: Storage, key: str) -> OutboxState:
    return (await row_of(storage, key)).state


async def begin(storage: Storage, key: str) -> int:
    """PENDING -> SENDING; the row's id."""
    row_id = (await row_of(storage, key)).id
    async with storage() as unit:
        await unit.outbox.mark_sending(row_id)
        await unit.commit()
    return row_id


async def send(storage: Storage, key: str, message_id: int = 1) -> None:
    """PENDING -> SENDING -> SENT."""
    row_id = await begin(storage, key)
    async with storage() as unit:
        await unit.outbox.mark_sent(row_id, message_id)
        await unit.commit()


async def lose(storage: Storage, key: str) -> int:
    """PENDING -> SENDING -> UNKNOWN; the row's id."""
    row_id = await begin(storage, key)
    async with storage() as unit:
        await unit.outbox.mark_unknown(row_id)
        await unit.commit()
    return row_id


async def fail(storage: Storage, key: str) -> None:
    """PENDING -> SENDING -> FAILED."""
    row_id = await begin(storage, key)
    async with storage() as unit:
        await unit.outbox.mark_failed(row_id, "chat not found")
        await unit.commit()


async def postpone(storage: Storage, row_id: int, not_before: datetime) -> None:
    async with storage() as unit:
        await unit.outbox.postpone(row_id, not_before)
        await unit.commit()
