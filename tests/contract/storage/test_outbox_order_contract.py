"""Which message goes next, on every storage."""

import asyncio
from datetime import timedelta

from engine.ports.storage import OutboxState, Storage
from tests.builders.signals import CLOSED_AT as NOW
from tests.contract.storage.outbox_steps import (
    begin,
    due_keys,
    fail,
    lose,
    make_message,
    postpone,
    put,
    row_of,
    send,
    state_of,
)

LATER = NOW + timedelta(seconds=30)


async def test_an_empty_outbox_has_nothing_due(storage: Storage) -> None:
    assert await due_keys(storage) == []


async def test_messages_to_one_recipient_go_one_by_one_in_order(storage: Storage) -> None:
    await put(storage, make_message("1"), make_message("2"))
    await put(storage, make_message("3"))
    for key in ("1", "2", "3"):
        assert await due_keys(storage) == [key]
        await send(storage, key)
    assert await due_keys(storage) == []


async def test_each_recipient_has_its_own_queue(storage: Storage) -> None:
    messages = [make_message(f"{k}{chat}", recipient=chat) for k in (1, 2) for chat in "ab"]
    await put(storage, *messages)
    assert await due_keys(storage) == ["1a", "1b"]
    await begin(storage, "1a")
    assert await due_keys(storage) == ["1b"]


async def test_a_recipient_with_a_message_being_sent_has_nothing_due(storage: Storage) -> None:
    await put(storage, make_message("1"), make_message("2"))
    await begin(storage, "1")
    assert await due_keys(storage) == []


async def test_a_postponed_message_keeps_its_place(storage: Storage) -> None:
    await put(storage, make_message("1"), make_message("2"), make_message("x", recipient="7"))
    await postpone(storage, await begin(storage, "1"), LATER)
    assert await due_keys(storage) == ["x"]
    assert await due_keys(storage, LATER) == ["1", "x"]


async def test_a_failed_or_doubtful_message_lets_the_next_one_go(storage: Storage) -> None:
    await put(storage, make_message("1"), make_message("2"), make_message("3"))
    await fail(storage, "1")
    assert await due_keys(storage) == ["2"]
    await lose(storage, "2")
    assert await due_keys(storage) == ["3"]


async def test_a_key_that_is_there_already_is_left_as_it_is(storage: Storage) -> None:
    await put(storage, make_message("1", text="first"))
    await put(storage, make_message("1", text="second"), make_message("2"))
    assert (await row_of(storage, "1")).message.text == "first"
    await send(storage, "1")
    await put(storage, make_message("1", text="third"))
    assert await state_of(storage, "1") is OutboxState.SENT
    assert await due_keys(storage) == ["2"]


async def test_a_key_twice_in_one_batch_goes_out_once(storage: Storage) -> None:
    await put(storage, make_message("1", text="first"), make_message("1", text="second"))
    assert (await row_of(storage, "1")).message.text == "first"
    await send(storage, "1")
    assert await due_keys(storage) == []


async def test_a_key_put_by_two_units_at_once_goes_out_once(storage: Storage) -> None:
    both_are_open = asyncio.Barrier(2)

    async def write() -> None:
        async with storage() as unit:
            await unit.outbox.depth()
            await both_are_open.wait()
            await unit.outbox.put([make_message("1")], at=NOW)
            await unit.commit()

    await asyncio.gather(write(), write())
    await send(storage, "1")
    assert await due_keys(storage) == []


async def test_a_message_of_a_rolled_back_unit_is_not_queued(storage: Storage) -> None:
    async with storage() as unit:
        await unit.outbox.put([make_message("1")], at=NOW)
    assert await due_keys(storage) == []
    await put(storage, make_message("1"))
    assert await due_keys(storage) == ["1"]
