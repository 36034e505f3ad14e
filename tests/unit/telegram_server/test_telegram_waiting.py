"""How tests wait: for a message, a call, a poll; and what they are told when nothing comes."""

import asyncio

import pytest

from tests.telegram_server import Chat, NothingHappenedError, TelegramServer
from tests.telegram_server.direct import Ask


async def post_later(server: TelegramServer, ask: Ask, chat: Chat, text: str) -> None:
    """Post once the waiting has begun."""
    await asyncio.sleep(0)
    await ask("sendMessage", chat_id=chat.id, text=text)
    await server.world.watch.changed()


async def test_message_is_found_by_text_or_predicate(
    server: TelegramServer, ask: Ask, channel: Chat
) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(post_later(server, ask, channel, "LONG BTC"))
        found = await server.wait_for_message(channel, "BTC")

    assert await server.wait_for_message(channel, lambda post: not post.keyboard) is found
    assert server.transcript(channel.id) == [found]


async def test_waiting_in_vain_shows_the_transcript(
    server: TelegramServer, ask: Ask, channel: Chat
) -> None:
    await ask("sendMessage", chat_id=channel.id, text="LONG BTC")

    with pytest.raises(NothingHappenedError, match=r"#1001 bot: 'LONG BTC'"):
        await server.wait_for_message(channel, "ETH", timeout_s=0.01)


async def test_waiting_for_a_call_or_a_poll_in_vain_tells_what_was_called(
    server: TelegramServer,
) -> None:
    with pytest.raises(NothingHappenedError, match="sendMessage was called 0 times, not 2"):
        await server.journal.wait("sendMessage", count=2, timeout_s=0.01)
    with pytest.raises(NothingHappenedError, match="nobody polls"):
        await server.wait_for_poll(timeout_s=0.01)


def test_address_of_a_server_that_is_not_started_is_an_error(server: TelegramServer) -> None:
    with pytest.raises(RuntimeError, match="not started"):
        _ = server.base_url
