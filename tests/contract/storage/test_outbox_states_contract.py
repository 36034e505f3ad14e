"""How a message moves from state to state, on every storage."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domain.errors import ConflictError, NotFoundError
from domain.messages import Action, Button, OutgoingMessage
from engine.ports.storage import OutboxDepth, OutboxRepository, OutboxRow, OutboxState, Storage
from tests.builders.signals import CLOSED_AT as NOW
from tests.contract.storage.outbox_steps import (
    Step,
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

Move = Callable[[OutboxRepository, int], Awaitable[None]]

MOVES: dict[str, Move] = {
    "mark_sending": lambda outbox, row_id: outbox.mark_sending(row_id),
    "mark_sent": lambda outbox, row_id: outbox.mark_sent(row_id, 1),
    "mark_unknown": lambda outbox, row_id: outbox.mark_unknown(row_id),
    "mark_failed": lambda outbox, row_id: outbox.mark_failed(row_id, "refused"),
    "postpone": lambda outbox, row_id: outbox.postpone(row_id, NOW),
}
PENDING, SENDING, UNKNOWN = OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNKNOWN
ALLOWED = {
    "mark_sending": {PENDING: SENDING},
    "mark_sent": {SENDING: OutboxState.SENT, UNKNOWN: OutboxState.SENT},
    "mark_unknown": {SENDING: UNKNOWN},
    "mark_failed": {SENDING: OutboxState.FAILED, UNKNOWN: OutboxState.FAILED},
    "postpone": {SENDING: PENDING, UNKNOWN: PENDING},
}
STEPS: dict[OutboxState, Step] = {
    SENDING: begin,
    UNKNOWN: lose,
    OutboxState.SENT: send,
    OutboxState.FAILED: fail,
}


async def put_in_state(storage: Storage, state: OutboxState) -> OutboxRow:
    """A message "it" that has come as far as a state."""
    if state is OutboxState.SUPERSEDED:
        await put(storage, make_message("it", edits="post"), make_message("newer", edits="post"))
    else:
        await put(storage, make_message("it"))
    if state in STEPS:
        await STEPS[state](storage, "it")
    row = await row_of(storage, "it")
    assert row.state is state
    return row


async def test_a_new_message_is_pending_and_has_never_been_tried(storage: Storage) -> None:
    message = OutgoingMessage(
        key="signal:12",
        recipient="42",
        text="<b>LONG</b> BTC/USDT ≥ 64,210.5",
        buttons=(Button(label="Why?", action=Action.WHY, subject=12),),
        replies_to="signal:11",
        silent=True,
    )
    await put(storage, message)
    row = await row_of(storage, "signal:12")
    assert row == OutboxRow(
        id=row.id,
        message=message,
        state=OutboxState.PENDING,
        attempts=0,
        created_at=NOW,
        not_before=None,
        message_id=None,
        target_message_id=None,
        reply_message_id=None,
    )


async def test_a_row_is_found_by_its_id(storage: Storage) -> None:
    await put(storage, make_message("it"))
    row = await row_of(storage, "it")
    async with storage() as unit:
        assert await unit.outbox.get(row.id) == row


async def test_unknown_ids_and_keys(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.outbox.find_by_key("it") is None
        with pytest.raises(NotFoundError):
            await unit.outbox.get(1)


@pytest.mark.parametrize("name", MOVES)
async def test_a_row_that_is_not_there_cannot_be_moved(storage: Storage, name: str) -> None:
    async with storage() as unit:
        with pytest.raises(NotFoundError):
            await MOVES[name](unit.outbox, 1)


@pytest.mark.parametrize("state", OutboxState)
@pytest.mark.parametrize("name", MOVES)
async def test_each_move_starts_from_its_own_states_only(
    storage: Storage, name: str, state: OutboxState
) -> None:
    row = await put_in_state(storage, state)
    async with storage() as unit:
        if state in ALLOWED[name]:
            await MOVES[name](unit.outbox, row.id)
        else:
            with pytest.raises(ConflictError):
                await MOVES[name](unit.outbox, row.id)
        await unit.commit()
    assert await state_of(storage, "it") is ALLOWED[name].get(state, state)


async def test_a_sent_message_remembers_what_the_channel_called_it(storage: Storage) -> None:
    await put(storage, make_message("it"))
    await send(storage, "it", message_id=9_000_000_001)
    assert (await row_of(storage, "it")).message_id == 9_000_000_001


async def test_attempts_count_sends_begun(storage: Storage) -> None:
    await put(storage, make_message("it"))
    for attempt in (1, 2):
        row_id = await begin(storage, "it")
        assert (await row_of(storage, "it")).attempts == attempt
        await postpone(storage, row_id, NOW)


async def test_a_postponed_message_is_due_from_its_instant_on(storage: Storage) -> None:
    await put(storage, make_message("it"))
    later = NOW + timedelta(seconds=30)
    await postpone(storage, await begin(storage, "it"), later)
    assert (await row_of(storage, "it")).not_before == later
    assert await due_keys(storage, later - timedelta(microseconds=1)) == []
    assert await due_keys(storage, later) == ["it"]


async def test_a_message_in_doubt_can_be_sent_again_by_decision(storage: Storage) -> None:
    await put(storage, make_message("it"))
    row_id = await lose(storage, "it")
    assert await due_keys(storage) == []
    await postpone(storage, row_id, NOW)
    assert await due_keys(storage) == ["it"]


async def test_interrupted_are_the_rows_still_being_sent(storage: Storage) -> None:
    await put(storage, *(make_message(key, recipient=key) for key in ("1", "2", "3")))
    await begin(storage, "3")
    await begin(storage, "1")
    await send(storage, "2")
    async with storage() as unit:
        interrupted = await unit.outbox.list_interrupted()
    assert [row.message.key for row in interrupted] == ["1", "3"]


async def test_of_two_workers_that_claim_one_row_exactly_one_wins(storage: Storage) -> None:
    await put(storage, make_message("it"))
    both_have_seen = asyncio.Barrier(2)

    async def claim() -> None:
        async with storage() as unit:
            (row,) = await unit.outbox.list_due(NOW)
            await both_have_seen.wait()
            await unit.outbox.mark_sending(row.id)
            await unit.commit()

    results = await asyncio.gather(claim(), claim(), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [ConflictError]
    assert (await row_of(storage, "it")).attempts == 1


async def test_an_empty_outbox_has_no_depth(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.outbox.depth() == OutboxDepth(
            pending=0, oldest_at=None, unknown=0, failed=0
        )


async def test_depth_tells_what_waits_since_when_and_what_went_wrong(storage: Storage) -> None:
    minute = timedelta(minutes=1)
    names = ("sent", "lost", "failed", "old", "new")
    for number, key in enumerate(names):
        await put(storage, make_message(key, recipient=key), at=NOW + number * minute)
    await send(storage, "sent")
    await lose(storage, "lost")
    await fail(storage, "failed")
    async with storage() as unit:
        depth = await unit.outbox.depth()
    assert depth == OutboxDepth(pending=2, oldest_at=NOW + 3 * minute, unknown=1, failed=1)


async def test_an_edit_of_a_message_in_doubt_waits_for_an_answer_and_counts_for_nothing(
    storage: Storage,
) -> None:
    """It leaves when somebody answers, however long that takes: nothing is stuck."""
    minute = timedelta(minutes=1)
    await put(storage, make_message("post"))
    lost = await lose(storage, "post")
    await put(storage, make_message("edit", edits="post"), at=NOW + minute)
    await put(storage, make_message("edit of none", edits="none"), at=NOW + 2 * minute)
    await put(storage, make_message("waits"), at=NOW + 3 * minute)
    assert await depth_of(storage) == OutboxDepth(
        pending=2, oldest_at=NOW + 2 * minute, unknown=1, failed=0
    )
    async with storage() as unit:
        await unit.outbox.mark_sent(lost, 1)
        await unit.commit()
    assert await depth_of(storage) == OutboxDepth(
        pending=3, oldest_at=NOW + minute, unknown=0, failed=0
    )


async def depth_of(storage: Storage) -> OutboxDepth:
    async with storage() as unit:
        return await unit.outbox.depth()


async def test_rows_are_found_by_the_beginning_of_their_key_and_their_time(
    storage: Storage,
) -> None:
    for number, key in enumerate(("whale:a", "Whale:b", "whale_c", "macro:whale:", "whale:d%")):
        await put(storage, make_message(key), at=NOW + timedelta(minutes=number))
    async with storage() as unit:
        all_of_them = await unit.outbox.list_put_since(NOW, prefix="whale:")
        later = await unit.outbox.list_put_since(NOW + timedelta(minutes=1), prefix="whale:")
    assert [row.message.key for row in all_of_them] == ["whale:a", "whale:d%"]
    assert [row.message.key for row in later] == ["whale:d%"]
