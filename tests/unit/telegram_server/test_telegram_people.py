"""What simulated people may do, and what of it reaches the bot."""

import pytest

from tests.telegram_server import BotStanding, Chat, SimulatedUser, TelegramServer
from tests.telegram_server.direct import Ask


async def test_private_chat_opens_with_start_only(server: TelegramServer) -> None:
    bob = server.user(1002, "Bob")

    with pytest.raises(ValueError, match="Start button"):
        await bob.send("/help")
    await bob.send("/start sig42")
    await bob.send("hello")

    assert [message.text for message in bob.chat.messages] == ["/start sig42", "hello"]


async def test_blocking_tells_the_bot_and_silences_the_user(
    ask: Ask, server: TelegramServer, ann: SimulatedUser
) -> None:
    await ann.block()

    with pytest.raises(ValueError, match="unblock"):
        await ann.send("hello")
    await ann.unblock()
    await ann.send("back")
    _, blocked, unblocked, message = await ask("getUpdates")

    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert message["message"]["text"] == "back"


async def test_command_is_marked_as_one(ask: Ask, ann: SimulatedUser) -> None:
    await ann.send("/why 42")

    *_, update = await ask("getUpdates")

    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 4}]


async def test_group_shows_the_bot_commands_and_replies_to_it_only(
    ask: Ask, server: TelegramServer, ann: SimulatedUser
) -> None:
    group = server.group(-1002, "Traders")
    await ask("sendMessage", chat_id=group.id, text="hello")
    await ann.send("small talk", chat=group)
    await ann.send("/stats", chat=group)
    await ann.send("thanks", chat=group, reply_to=group.posts[0])

    updates = await ask("getUpdates")

    texts = [update["message"]["text"] for update in updates]
    assert texts == ["/start", "/stats", "thanks"]
    assert group.members == {ann.id: "member"}


async def test_chat_the_bot_has_left_tells_it_nothing(
    ask: Ask, server: TelegramServer, channel: Chat, ann: SimulatedUser
) -> None:
    await server.set_bot_standing(channel, BotStanding.KICKED, by=ann)
    await ann.send("news", chat=channel)

    *_, last = await ask("getUpdates")

    assert "my_chat_member" in last


async def test_anonymous_and_forwarded_messages_say_so(
    ask: Ask, server: TelegramServer, ann: SimulatedUser
) -> None:
    group = server.group(-1002, "Traders")
    await ann.send_anonymously("/pause", group)
    await ann.send("/pause", forwarded_from=server.bot)

    _, anonymous, forwarded = await ask("getUpdates")

    assert anonymous["message"]["from"]["username"] == "GroupAnonymousBot"
    assert anonymous["message"]["sender_chat"] == group.as_json()
    assert forwarded["message"]["forward_origin"]["sender_user"]["id"] == server.bot.id


async def test_ids_of_chats_are_unique(server: TelegramServer, ann: SimulatedUser) -> None:
    with pytest.raises(ValueError, match="exists already"):
        server.user(ann.id, "Impostor")
