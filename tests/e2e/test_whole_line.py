"""From a closing candle to a post and its outcome, through real clients over loopback sockets."""

import re
from decimal import Decimal

import pytest

from app.application import Application
from domain.signals import FollowedSignal
from engine.daily_report import read_ledger
from engine.ledger import verify_chain
from tests.e2e.line import ADMIN_ID, open_line
from tests.servers.databases import BACKENDS, MigratedDatabases

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_closing_candle_becomes_a_post_and_its_outcome(
    backend: str, databases: MigratedDatabases
) -> None:
    async with open_line(await databases.blank(backend)) as line, line.bot() as bot:
        posts = await line.wait_for_posts(2)
        ended = await line.wait_for_end()
        assert "Entry" in posts[0].text
        assert ended.is_edited
        await _check_record(bot)


async def test_an_admin_pauses_and_a_subscriber_asks_why(databases: MigratedDatabases) -> None:
    async with open_line(await databases.blank("sqlite")) as line:
        admin = line.telegram.user(ADMIN_ID, "Ada")
        reader = line.telegram.user(77, "Rob")
        async with line.bot() as bot:
            post = (await line.wait_for_posts(1))[0]
            await admin.send("/start")
            await admin.send("/pause night")
            await line.telegram.wait_for_message(admin.chat, "aused")
            press = await reader.press(line.channel, post.id, "🔍 Why")
            answer = await press.answer()
            assert answer.text
            async with bot.storage() as unit:
                assert (await unit.state.get_pause()).is_paused


async def test_a_restart_in_the_middle_posts_nothing_twice_and_loses_nothing(
    databases: MigratedDatabases,
) -> None:
    async with open_line(await databases.blank("sqlite")) as line:
        async with line.bot():
            before = [_number(post.text) for post in await line.wait_for_posts(2)]
        async with line.bot() as bot:
            await line.wait_for_posts(len(before) + 2)
            await line.wait_for_end()
            numbers = [_number(post.text) for post in line.posts()]
            await _check_record(bot)
        assert numbers[: len(before)] == before
        assert numbers == sorted(set(numbers))


async def _check_record(bot: Application) -> None:
    """The chain holds, each signal is in it once, and each ended course adds up."""
    async with bot.storage() as unit:
        entries = await read_ledger(unit.ledger)
        ended = [
            followed
            for followed in await _all_signals(bot)
            if followed.course.state.is_final and followed.course.triggered_at is not None
        ]
    assert entries
    assert verify_chain(entries) is None
    for followed in ended:
        assert followed.course.closed_fraction == Decimal(1)


async def _all_signals(bot: Application) -> list[FollowedSignal]:
    async with bot.storage() as unit:
        following = await unit.signals.next_id()
        found = [await unit.signals.find(number) for number in range(1, following)]
    return [followed for followed in found if followed is not None]


def _number(text: str) -> int:
    """The id that a post shows: "#12 · 1a2b3c4d"."""
    found = re.search(r"#(\d+) · [0-9a-f]{8}", text)
    assert found is not None, text
    return int(found[1])
