"""The whole line while Telegram refuses, fails, or throws the bot out."""

from collections.abc import AsyncIterator

import pytest

from engine.ports.storage import OutboxState
from tests.e2e.line import Line, has_ended, open_line
from tests.e2e.record import (
    assert_channel_tells_the_record,
    read_outbox,
    read_record,
    read_undelivered,
)
from tests.e2e.waiting import until, until_seen
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import BotStanding, JournalEntry, refuse, retry_after

pytestmark = pytest.mark.timeout(240)

FLOOD_SECONDS = 2


@pytest.fixture(scope="module")
async def line(databases: MigratedDatabases) -> AsyncIterator[Line]:
    """A line with a bot at work."""
    async with open_line(await databases.blank("sqlite")) as opened, opened.bot():
        await opened.wait_for_posts(1)
        yield opened


async def test_a_flooded_channel_waits_while_the_operator_is_answered(line: Line) -> None:
    begun = len(line.telegram.journal)
    line.telegram.fail(None, retry_after(FLOOD_SECONDS), chat=line.channel)
    refused = await _spoilt_call(line, begun)
    answer = await line.ask("/status", "Status")
    following = await _call_after(line, refused)
    assert answer.revisions[0].at < following.at
    assert following.at - refused.at >= FLOOD_SECONDS
    # By then its entry window may be over, and the post says so; it is the same one all the same.
    assert _last_line(following) == _last_line(refused)
    await assert_channel_tells_the_record(line)


async def test_an_edit_that_fails_is_made_all_the_same(line: Line) -> None:
    begun = len(line.telegram.journal)
    line.telegram.fail("editMessageText", refuse(500, "Internal Server Error"), chat=line.channel)
    failed = await _spoilt_call(line, begun)
    post = next(one for one in line.posts() if one.id == failed.call.integer("message_id"))
    await line.channel.wait(lambda _: has_ended(post))
    await until(lambda: _is_settled(line, failed), "the edit is neither made nor overtaken")


async def test_thrown_out_of_the_channel_the_bot_says_so_and_goes_on_when_it_is_back(
    line: Line,
) -> None:
    await line.telegram.set_bot_standing(line.channel, BotStanding.KICKED, line.operator)
    alert = await line.telegram.wait_for_message(line.operator.chat, "Not delivered")
    assert "kicked" in alert.text
    await line.ask("/status", "Status")
    await line.telegram.set_bot_standing(line.channel, BotStanding.ADMINISTRATOR, line.operator)
    await line.wait_for_posts(len(line.posts()) + 1)
    record = await read_record(line.storage)
    undelivered = await read_undelivered(line.storage)
    record.assert_holds()
    record.assert_posted(line.posts(), missing=undelivered)


def _last_line(entry: JournalEntry) -> str:
    """Where a post shows its number and its hash."""
    return entry.call.text("text").splitlines()[-1]


async def _spoilt_call(line: Line, begun: int) -> JournalEntry:
    """The first call that a fault has struck, behind the first `begun` of all."""

    def look() -> JournalEntry | None:
        calls = list(line.telegram.journal)[begun:]
        return next((call for call in calls if call.fault is not None), None)

    return await until_seen(look, "nothing went to the channel")


async def _call_after(line: Line, earlier: JournalEntry) -> JournalEntry:
    """The call to the channel that follows another one."""

    def look() -> JournalEntry | None:
        calls = line.telegram.journal.of(chat_id=line.channel.id)
        return next(iter(calls[calls.index(earlier) + 1 :]), None)

    return await until_seen(look, "nothing more went to the channel")


async def _is_settled(line: Line, failed: JournalEntry) -> bool:
    """Whether an edit was made after all, or a newer text of the same post has overtaken it."""
    text = failed.call.text("text")
    rows = await read_outbox(line.storage)
    states = [row.state for row in rows if row.message.edits and row.message.text == text]
    return states in ([OutboxState.SENT], [OutboxState.SUPERSEDED])
