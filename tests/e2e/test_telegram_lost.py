"""The whole line while answers of Telegram are lost, and while it is out of reach."""

from collections import Counter

import pytest

from tests.e2e.door import Door
from tests.e2e.line import EAGER, Line, number_of, open_line
from tests.e2e.record import assert_channel_tells_the_record, read_record, read_undelivered
from tests.e2e.waiting import until
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import DropConnection

pytestmark = pytest.mark.timeout(240)

IMPATIENT = {**EAGER, "delivery": {**EAGER["delivery"], "longest_back_off": 2.0}}
"""A long time out of reach is not followed by as long a pause."""


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


@pytest.mark.soak
async def test_a_bot_that_cannot_reach_telegram_works_on_and_delivers_later(
    databases: MigratedDatabases,
) -> None:
    async with (
        Door() as door,
        open_line(
            await databases.blank("sqlite"), strategy=IMPATIENT, telegram_url=door.url
        ) as line,
        line.bot(),
    ):
        await _wait_for_signals(line, 1)
        assert len(line.telegram.journal) == 0
        await door.open(line.telegram.base_url)
        await line.wait_for_posts(1)
        await line.telegram.wait_for_poll()
        await line.ask("/status", "Status")

        await door.shut()
        known = len((await read_record(line.storage)).published)
        await _wait_for_signals(line, known + 1)
        await door.open(line.telegram.base_url)
        await line.channel.wait(lambda _: known + 1 in map(number_of, line.posts()))
        # What was under way when the line was cut is in doubt, and asked about; no other is lost.
        record = await read_record(line.storage)
        undelivered = await read_undelivered(line.storage)
        assert len([number for number in undelivered if number <= known]) <= 1
        record.assert_holds()
        record.assert_posted(line.posts(), missing=undelivered)


async def _wait_for_signals(line: Line, count: int) -> None:
    async def look() -> bool:
        return len((await read_record(line.storage)).published) >= count

    await until(look, f"there were no {count} signals")
