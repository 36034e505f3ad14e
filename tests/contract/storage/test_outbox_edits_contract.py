"""Edits and replies, which depend on another message, on every storage."""

from datetime import timedelta

import pytest

from engine.ports.storage import OutboxState, Storage
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
    put_anew,
    row_of,
    send,
    state_of,
)

LATER = NOW + timedelta(seconds=30)
POST = make_message("post")
EDIT = make_message("edit", edits="post")
NEWER_EDIT = make_message("newer edit", edits="post")
REPLY = make_message("reply", replies_to="post")
OTHER = make_message("other")


async def test_an_edit_goes_after_its_post_and_knows_its_id(storage: Storage) -> None:
    await put(storage, POST, EDIT)
    assert await due_keys(storage) == ["post"]
    await send(storage, "post", message_id=77)
    assert await due_keys(storage) == ["edit"]
    assert (await row_of(storage, "edit")).target_message_id == 77


async def test_a_waiting_edit_does_not_block_its_recipient(storage: Storage) -> None:
    await put(storage, POST, EDIT, OTHER)
    row_id = await lose(storage, "post")
    assert await due_keys(storage) == ["other"]
    async with storage() as unit:
        await unit.outbox.mark_sent(row_id, 77)
        await unit.commit()
    assert await due_keys(storage) == ["edit"]


async def test_an_edit_of_a_message_nobody_put_waits_without_blocking(storage: Storage) -> None:
    await put(storage, EDIT, OTHER)
    assert await due_keys(storage) == ["other"]


async def test_a_new_edit_takes_the_place_of_a_pending_one(storage: Storage) -> None:
    await put(storage, POST, EDIT, NEWER_EDIT)
    await send(storage, "post")
    assert await state_of(storage, "edit") is OutboxState.SUPERSEDED
    assert await due_keys(storage) == ["newer edit"]


async def test_a_new_edit_leaves_one_that_is_being_sent_alone(storage: Storage) -> None:
    await put(storage, POST, EDIT)
    await send(storage, "post")
    await begin(storage, "edit")
    await put(storage, NEWER_EDIT)
    assert await state_of(storage, "edit") is OutboxState.SENDING
    assert await state_of(storage, "newer edit") is OutboxState.PENDING


async def test_a_postponed_edit_that_was_overtaken_never_undoes_the_newer(
    storage: Storage,
) -> None:
    await put(storage, POST, EDIT)
    await send(storage, "post")
    row_id = await begin(storage, "edit")
    await put(storage, NEWER_EDIT)
    await postpone(storage, row_id, NOW)
    assert await state_of(storage, "edit") is OutboxState.SUPERSEDED
    assert await due_keys(storage) == ["newer edit"]


async def test_a_postponed_edit_goes_again_when_the_newer_one_failed(storage: Storage) -> None:
    await put(storage, POST, EDIT)
    await send(storage, "post")
    row_id = await lose(storage, "edit")
    await put(storage, NEWER_EDIT)
    await fail(storage, "newer edit")
    await postpone(storage, row_id, NOW)
    assert await due_keys(storage) == ["edit"]


async def test_the_same_edit_put_again_supersedes_nothing(storage: Storage) -> None:
    await put(storage, POST, EDIT, NEWER_EDIT)
    await put(storage, EDIT)
    assert await state_of(storage, "newer edit") is OutboxState.PENDING


async def test_an_edit_put_anew_has_new_words_and_time_and_stands_last(storage: Storage) -> None:
    await put(storage, POST, EDIT, NEWER_EDIT)
    await put_anew(storage, make_message("edit", edits="post", text="other words"), at=LATER)
    row = await row_of(storage, "edit")
    assert (row.message.text, row.created_at) == ("other words", LATER)
    assert await state_of(storage, "newer edit") is OutboxState.SUPERSEDED
    await send(storage, "post")
    assert await due_keys(storage) == ["edit"]


async def test_an_edit_put_anew_that_was_not_there_is_put(storage: Storage) -> None:
    await put(storage, POST)
    await put_anew(storage, EDIT, at=NOW)
    assert await state_of(storage, "edit") is OutboxState.PENDING


@pytest.mark.parametrize("begun", [begin, send, lose, fail])
async def test_what_has_begun_to_leave_is_not_put_anew(storage: Storage, begun: Step) -> None:
    await put(storage, OTHER)
    await begun(storage, "other")
    before = await row_of(storage, "other")
    await put_anew(storage, make_message("other", text="other words"), at=LATER)
    assert await row_of(storage, "other") == before


async def test_edits_of_different_messages_do_not_touch_each_other(storage: Storage) -> None:
    await put(storage, POST, OTHER, EDIT, make_message("edit of other", edits="other"))
    assert await state_of(storage, "edit") is OutboxState.PENDING


async def test_edits_of_a_failed_message_are_dropped(storage: Storage) -> None:
    await put(storage, POST, EDIT, OTHER)
    await fail(storage, "post")
    assert await state_of(storage, "edit") is OutboxState.SUPERSEDED
    await put(storage, NEWER_EDIT)
    assert await state_of(storage, "newer edit") is OutboxState.SUPERSEDED
    assert await due_keys(storage) == ["other"]


async def test_edits_of_a_doubtful_message_keep_waiting(storage: Storage) -> None:
    await put(storage, POST, EDIT)
    await lose(storage, "post")
    assert await due_keys(storage) == []
    assert await state_of(storage, "edit") is OutboxState.PENDING


async def test_a_reply_goes_after_its_message_and_knows_its_id(storage: Storage) -> None:
    await put(storage, POST, REPLY)
    await send(storage, "post", message_id=77)
    assert await due_keys(storage) == ["reply"]
    assert (await row_of(storage, "reply")).reply_message_id == 77


@pytest.mark.parametrize("state", [OutboxState.PENDING, OutboxState.SENDING])
async def test_a_reply_waits_for_an_undecided_message_without_blocking(
    storage: Storage, state: OutboxState
) -> None:
    private = {"recipient": "7"}
    await put(storage, POST, make_message("reply", replies_to="post", **private))
    await put(storage, make_message("private", **private))
    row_id = await begin(storage, "post")
    if state is OutboxState.PENDING:
        await postpone(storage, row_id, LATER)
    assert await due_keys(storage) == ["private"]


@pytest.mark.parametrize("end", [lose, fail])
async def test_a_reply_to_a_lost_or_failed_message_goes_on_its_own(
    storage: Storage, end: Step
) -> None:
    await put(storage, POST, REPLY)
    await end(storage, "post")
    assert await due_keys(storage) == ["reply"]
    assert (await row_of(storage, "reply")).reply_message_id is None


async def test_a_reply_to_a_message_nobody_put_goes_on_its_own(storage: Storage) -> None:
    await put(storage, REPLY)
    assert await due_keys(storage) == ["reply"]


async def test_an_edit_that_replies_waits_for_both(storage: Storage) -> None:
    await put(storage, POST, make_message("both", edits="post", replies_to="other"))
    await send(storage, "post")
    await put(storage, make_message("other", recipient="7"))
    assert await due_keys(storage) == ["other"]
    await send(storage, "other")
    assert await due_keys(storage) == ["both"]
