"""The local Bot API server answers so that three independent clients read the same from it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import aiohttp
import pytest
from aiogram.client.session.aiohttp import AiohttpSession

from tests.telegram_server import (
    ANONYMOUS_ADMIN_ID,
    BotStanding,
    Chat,
    SimulatedUser,
    TelegramServer,
)
from tests.telegram_server.clients import AiogramClient, BotClient, PtbClient, SeenMessage
from tests.telegram_server.clients.opening import aiogram_bot, ptb_bot, raw_client
from tests.telegram_server.pictures import picture

BUTTONS = [[("Why", "why:1"), ("Chart", "chart:1")], [("Execute", "go:1")]]


@pytest.fixture(scope="module")
async def session() -> AsyncIterator[AiohttpSession]:
    """One aiogram session for all tests: closing one takes a quarter of a second."""
    session = AiohttpSession()
    yield session
    await session.close()


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def channel(server: TelegramServer) -> Chat:
    return server.channel()


@pytest.fixture
async def ann(server: TelegramServer) -> SimulatedUser:
    ann = server.user(1001, "Ann", username="ann")
    await ann.send("/start")
    return ann


@pytest.fixture(params=["aiogram", "python-telegram-bot", "raw"])
async def client(
    request: pytest.FixtureRequest, server: TelegramServer, session: AiohttpSession
) -> AsyncIterator[BotClient]:
    async with AsyncExitStack() as stack:
        match request.param:
            case "aiogram":
                yield AiogramClient(aiogram_bot(server, session))
            case "python-telegram-bot":
                yield PtbClient(await stack.enter_async_context(ptb_bot(server)))
            case _:
                yield await stack.enter_async_context(raw_client(server))


async def test_channel_post_comes_from_the_channel_and_names_no_person(
    client: BotClient, channel: Chat
) -> None:
    post = await client.send(channel.id, "🟢 <b>LONG</b> BTC &lt;1%", buttons=BUTTONS)

    assert post == SeenMessage(
        id=channel.posts[0].id,
        chat_id=channel.id,
        chat_type="channel",
        author_id=None,
        sender_chat_id=channel.id,
        text="🟢 LONG BTC <1%",
        bold=("LONG",),
        labels=(("Why", "Chart"), ("Execute",)),
    )


async def test_private_message_names_the_bot_and_what_it_replies_to(
    client: BotClient, server: TelegramServer, ann: SimulatedUser
) -> None:
    first = await client.send(ann.id, "first")
    second = await client.send(ann.id, "second", reply_to=first.id)

    assert (second.author_id, second.chat_type, second.reply_to) == (
        server.bot.id,
        "private",
        first.id,
    )
    assert second.id == first.id + 1


async def test_photo_is_stored_sent_again_by_id_and_downloaded(
    client: BotClient, channel: Chat
) -> None:
    chart = picture(1000, 600)

    first = await client.send_photo(channel.id, chart, "<b>BTC</b> 15m", buttons=BUTTONS)
    again = await client.send_photo(channel.id, first.file_id or "", "again")

    assert (first.photo_size, first.text, first.bold) == ((1000, 600), "BTC 15m", ("BTC",))
    assert first.labels == (("Why", "Chart"), ("Execute",))
    assert again.file_id == first.file_id
    assert await client.download(first.file_id or "") == chart


async def test_edit_replaces_text_and_without_buttons_the_keyboard_goes(
    client: BotClient, channel: Chat
) -> None:
    post = await client.send(channel.id, "open", buttons=BUTTONS)

    kept = await client.edit_text(channel.id, post.id, "TP1", buttons=BUTTONS)
    bare = await client.edit_text(channel.id, post.id, "closed")

    assert kept == replace(post, text="TP1", is_edited=True)
    assert (bare.text, bare.labels) == ("closed", ())
    assert channel.posts[0].history == ["open", "TP1", "closed"]


async def test_keyboard_alone_is_replaced_and_removed(client: BotClient, channel: Chat) -> None:
    post = await client.send(channel.id, "open", buttons=BUTTONS)

    changed = await client.edit_keyboard(channel.id, post.id, [[("Closed", "closed")]])
    removed = await client.edit_keyboard(channel.id, post.id, [])

    assert (changed.text, changed.labels) == ("open", (("Closed",),))
    assert removed.labels == ()


async def test_caption_and_media_of_a_photo_post_are_replaced(
    client: BotClient, channel: Chat
) -> None:
    post = await client.send_photo(channel.id, picture(), "before")

    captioned = await client.edit_caption(channel.id, post.id, "<b>after</b>")
    redrawn = await client.edit_media(channel.id, post.id, picture(60, 50), "new chart")

    assert (captioned.text, captioned.bold, captioned.file_id) == (
        "after",
        ("after",),
        post.file_id,
    )
    assert (redrawn.text, redrawn.photo_size) == ("new chart", (60, 50))


async def test_text_post_becomes_a_photo_post(client: BotClient, channel: Chat) -> None:
    post = await client.send(channel.id, "text first")

    redrawn = await client.edit_media(channel.id, post.id, picture(), "chart now")

    assert (redrawn.id, redrawn.text, redrawn.photo_size) == (post.id, "chart now", (40, 30))


async def test_posts_are_pinned_and_deleted(client: BotClient, channel: Chat) -> None:
    report = await client.send(channel.id, "daily report")
    mistake = await client.send(channel.id, "mistake")

    assert await client.pin(channel.id, report.id)
    assert await client.delete(channel.id, mistake.id)
    assert await client.act(channel.id)

    assert [post.id for post in channel.pinned] == [report.id]
    assert [post.text for post in channel.posts] == ["daily report"]


async def test_press_under_a_channel_post_reaches_the_bot_and_its_answer_the_presser(
    client: BotClient, channel: Chat, ann: SimulatedUser
) -> None:
    post = await client.send(channel.id, "signal", buttons=BUTTONS)
    await client.updates(offset=-1)

    first = await ann.press(channel, post.id, "Why")
    second = await ann.press(channel, post.id, "chart:1")
    _, *presses = await client.updates()
    await client.answer(presses[0].query_id or "", "Trend is up", show_alert=True)

    assert [(press.user_id, press.data) for press in presses] == [
        (ann.id, "why:1"),
        (ann.id, "chart:1"),
    ]
    assert [press.message for press in presses] == [post, post]
    assert presses[0].chat_instance == presses[1].chat_instance is not None
    answer = await first.answer()
    assert (answer.text, answer.show_alert) == ("Trend is up", True)
    assert not second.is_answered


async def test_press_under_a_deleted_post_carries_an_inaccessible_message(
    client: BotClient, channel: Chat, ann: SimulatedUser
) -> None:
    post = await client.send(channel.id, "signal", buttons=BUTTONS)
    await ann.delete(channel.posts[0])

    await ann.press(channel, post.id, "Why")
    *_, press = await client.updates()

    assert (press.message, press.inaccessible_id) == (None, post.id)


async def test_updates_are_repeated_until_confirmed_and_filtered_by_kind(
    client: BotClient, server: TelegramServer, ann: SimulatedUser
) -> None:
    (start,) = await client.updates(kinds=["message"])
    (repeated,) = await client.updates()
    await ann.block()
    await ann.unblock()
    await ann.send("/help")

    (help_,) = await client.updates(offset=start.id + 1)

    assert start == repeated
    assert start.message is not None
    assert (start.message.text, start.message.author_id) == ("/start", ann.id)
    assert help_.message is not None
    assert help_.message.text == "/help"


async def test_poll_is_held_until_something_happens(
    client: BotClient, server: TelegramServer
) -> None:
    poll = asyncio.create_task(client.updates(timeout_s=5))
    bob = server.user(1002, "Bob")
    await bob.send("/start")

    (update,) = await poll

    assert update.message is not None
    assert update.message.author_id == bob.id


async def test_every_kind_of_sender_is_decoded(
    client: BotClient, server: TelegramServer, channel: Chat, ann: SimulatedUser
) -> None:
    group = server.group(-1002, "Traders")
    await ann.send("/pause", chat=group)
    await ann.send_anonymously("/pause", group)
    await ann.send("/pause", chat=channel)
    await ann.send("/pause", forwarded_from=ann.person)
    await server.set_bot_standing(channel, BotStanding.KICKED, by=ann)

    _, in_group, anonymous, posted, forwarded, kicked = await client.updates()

    messages = [update.message for update in (in_group, anonymous, posted, forwarded)]
    assert [(seen.chat_type, seen.author_id, seen.sender_chat_id) for seen in messages if seen] == [
        ("supergroup", ann.id, None),
        ("supergroup", ANONYMOUS_ADMIN_ID, group.id),
        ("channel", None, channel.id),
        ("private", ann.id, None),
    ]
    assert (posted.kind, kicked.kind, kicked.user_id) == ("channel_post", "my_chat_member", ann.id)


async def test_commands_are_kept_per_scope(
    client: BotClient, server: TelegramServer, ann: SimulatedUser
) -> None:
    bob = server.user(1002, "Bob")
    await client.set_commands({"help": "What I can do"})
    await client.set_commands({"pause": "Stop new signals"}, chat_id=ann.id)

    assert await client.commands() == {"help": "What I can do"}
    assert await client.commands(chat_id=ann.id) == {"pause": "Stop new signals"}
    assert server.commands_of(ann) == {"pause": "Stop new signals"}
    assert server.commands_of(bob) == {"help": "What I can do"}
    await client.delete_commands(chat_id=ann.id)
    assert server.commands_of(ann) == {"help": "What I can do"}


async def test_chats_and_their_members_are_described(
    client: BotClient, server: TelegramServer, channel: Chat, ann: SimulatedUser
) -> None:
    channel.members[ann.id] = "creator"
    bob = server.user(1002, "Bob")

    assert await client.me() == server.bot.username
    assert await client.title(channel.id) == channel.name
    assert await client.administrators(channel.id) == {
        server.bot.id: "administrator",
        ann.id: "creator",
    }
    statuses = [await client.member_status(channel.id, id_) for id_ in (server.bot.id, bob.id)]
    assert statuses == ["administrator", "left"]


async def test_every_encoding_of_a_call_is_understood(
    server: TelegramServer, channel: Chat
) -> None:
    url = f"{server.base_url}/bot{server.token}/SENDMESSAGE"
    fields = {"chat_id": str(channel.id), "text": "x"}
    multipart = aiohttp.FormData(fields)
    multipart.add_field("unused", b"x", filename="x")

    async with aiohttp.ClientSession() as http:
        answers = [
            await http.get(url, params=fields),
            await http.post(url, json=fields),
            await http.post(url, data=fields),
            await http.post(url, data=multipart),
            await http.post(url, data="[]", headers={"Content-Type": "application/json"}),
            await http.post(url, data="{", headers={"Content-Type": "application/json"}),
        ]
        envelopes = [await answer.json() for answer in answers]

    assert [answer.status for answer in answers] == [200, 200, 200, 200, 400, 400]
    assert [envelope["ok"] for envelope in envelopes] == [True] * 4 + [False] * 2
    assert [post.text for post in channel.posts] == ["x"] * 4


async def test_webhook_is_set_told_and_removed(client: BotClient, ann: SimulatedUser) -> None:
    await client.set_webhook("https://quorum.example/hook")
    assert await client.webhook_pending() == ("https://quorum.example/hook", 1)

    await client.delete_webhook(drop_pending=True)

    assert await client.webhook_pending() == ("", 0)
    assert await client.updates() == []
