"""The whole line while Telegram refuses, fails, is out of reach, or throws the bot out."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from engine.issue import post_key
from engine.ports.storage import OutboxState
from tests.e2e.door import Door
from tests.e2e.line import Line, has_ended, number_of, open_line
from tests.e2e.record import assert_channel_tells_the_record, read_outbox, read_record
from tests.e2e.waiting import until, until_seen
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import (
    BotStanding,
    DropConnection,
    JournalEntry,
    refuse,
    retry_after,
)

pytestmark = pytest.mark.timeout(120)

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
    assert following.call.text("text") == refused.call.text("text")
    await assert_channel_tells_the_record(line)


async def test_an_edit_that_fails_is_made_all_the_same(line: Line) -> None:
    begun = len(line.telegram.journal)
    line.telegram.fail("editMessageText", refuse(500, "Internal Server Error"), chat=line.channel)
    failed = await _spoilt_call(line, begun)
    post = next(one for one in line.posts() if one.id == failed.call.integer("message_id"))
    await line.channel.wait(lambda _: has_ended(post), 30.0)
    await until(lambda: _is_settled(line, failed), "the edit is neither made nor overtaken")


async def test_thrown_out_of_the_channel_the_bot_says_so_and_goes_on_when_it_is_back(
    line: Line,
) -> None:
    await line.telegram.set_bot_standing(line.channel, BotStanding.KICKED, line.operator)
    alert = await line.telegram.wait_for_message(line.operator.chat, "Not delivered", 30.0)
    assert "kicked" in alert.text
    await line.ask("/status", "Status")
    await line.telegram.set_bot_standing(line.channel, BotStanding.ADMINISTRATOR, line.operator)
    await line.wait_for_posts(len(line.posts()) + 1)
    record = await read_record(line.storage)
    undelivered = await _undelivered(line)
    record.assert_holds()
    record.assert_posted(line.posts(), missing=undelivered)


async def test_a_post_in_doubt_is_asked_about_and_never_doubled_by_itself(
    databases: MigratedDatabases,
) -> None:
    async with open_line(await databases.blank("sqlite")) as line:
        # The first that ever goes to the channel is the post of signal 1: there, unanswered.
        line.telegram.fail("sendMessage", DropConnection(delivers=True), chat=line.channel)
        line.telegram.fail("sendMessage", DropConnection(delivers=False), chat=line.channel)
        async with line.bot():
            first, second = (await line.questions(2))[:2]
            assert number_of(line.posts()[0]) == 1
            pressed = await line.operator.press(line.operator.chat, first.id, "It is there")
            assert (await pressed.answer()).text == "Marked as arrived."
            pressed = await line.operator.press(line.operator.chat, second.id, "Resend")
            assert (await pressed.answer()).text == "Queued again."
            await line.operator.chat.wait(lambda _: not (first.keyboard or second.keyboard))
            await line.wait_for_end()
            await assert_channel_tells_the_record(line)
        texts = Counter(post.history[0] for post in line.channel.posts)
        assert max(texts.values()) == 1


async def test_a_bot_that_cannot_reach_telegram_works_on_and_delivers_later(
    databases: MigratedDatabases,
) -> None:
    async with (
        Door() as door,
        open_line(await databases.blank("sqlite"), telegram_url=door.url) as line,
        line.bot(),
    ):
        await _wait_for_signals(line, 1)
        assert len(line.telegram.journal) == 0
        await door.open(line.telegram.base_url)
        await line.wait_for_posts(1)
        await line.telegram.wait_for_poll(30.0)
        await line.ask("/status", "Status")

        known = len((await read_record(line.storage)).published)
        await door.shut()
        await _wait_for_signals(line, known + 1)
        await door.open(line.telegram.base_url)
        await line.wait_for_posts(known + 1)
        await assert_channel_tells_the_record(line)


async def _wait_for_signals(line: Line, count: int) -> None:
    async def look() -> bool:
        return len((await read_record(line.storage)).published) >= count

    await until(look, f"there were no {count} signals")


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


async def _undelivered(line: Line) -> list[int]:
    """Signals whose post was given up, or is not out yet."""
    async with line.storage() as unit:
        numbers = range(1, await unit.signals.next_id())
        rows = {one: await unit.outbox.find_by_key(post_key(one)) for one in numbers}
    return [one for one, row in rows.items() if row is None or row.state is not OutboxState.SENT]


async def _is_settled(line: Line, failed: JournalEntry) -> bool:
    """Whether an edit was made after all, or a newer text of the same post has overtaken it."""
    text = failed.call.text("text")
    rows = await read_outbox(line.storage)
    states = [row.state for row in rows if row.message.edits and row.message.text == text]
    return states in ([OutboxState.SENT], [OutboxState.SUPERSEDED])
