"""/connect over real sockets: the key is deleted before anything else, and then is nowhere."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest

from app.logging import configure_logging
from app.settings.sections import LoggingSettings
from bot.presenters.connecting import (
    CONNECT_FORWARDED,
    CONNECT_HELP,
    CONNECT_IN_PRIVATE,
    CONNECT_MALFORMED,
    KEY_MESSAGE_DELETED,
    KEY_MESSAGE_REMAINS,
)
from bot.presenters.conversation import KEY_REFUSED
from bot.presenters.markup import render_plain
from bot.presenters.trade_conversation import TRADERS_ONLY
from domain.errors import AccessRefusedError, StorageUnavailableError
from domain.plans import Denial, Denied
from tests.builders.trade_cards import TRADER
from tests.integration.bot.talking import ask, started
from tests.integration.bot.telegram_room import STRANGER, Room
from tests.telegram_server import Chat, SimulatedUser, refuse

KEY, SECRET = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP"
CONNECT = f"/connect {KEY} {SECRET}"


@pytest.fixture
async def tom(room: Room) -> SimulatedUser:
    """A trader who has started the bot."""
    await room.make_trader()
    user = room.server.user(TRADER, "Tom")
    await user.send("/start")
    return user


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the product's own log pipeline writes, at its most talkative, knowing no key."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    written = StringIO()
    configure_logging(
        LoggingSettings(level="debug", format="json"),
        now=lambda: datetime(2025, 10, 6, tzinfo=UTC),
        secrets=[],
        stream=written,
    )
    yield written
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
    root.setLevel(level)


def is_nowhere(chat: Chat) -> bool:
    """Whether no message that is left in a chat holds the key or its secret."""
    return not any(
        KEY in message.text or SECRET in message.text
        for message in chat.transcript
        if not message.is_deleted
    )


async def test_key_is_deleted_at_once_and_the_account_connected(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.answering():
        message = await tom.send(CONNECT)
        await room.server.wait_for_message(tom.chat, "Your account is connected")
    assert message.is_deleted
    assert is_nowhere(tom.chat)
    assert room.trading.asked("connect") == [(TRADER, KEY, SECRET)]
    said = [post.text for post in tom.chat.posts]
    assert said.index(KEY_MESSAGE_DELETED) < len(said) - 1


async def test_key_is_deleted_before_the_use_case_and_the_database_are_asked(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.answering():
        room.storage_failure = StorageUnavailableError("the database does not answer")
        room.trading.failure = room.storage_failure
        message = await tom.send(CONNECT)
        await room.server.wait_for_message(tom.chat, "database is away")
    assert message.is_deleted


async def test_key_is_deleted_even_when_its_sender_is_slowed_down(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.answering():
        for _ in range(8):
            await tom.send("/help")
        message = await tom.send(CONNECT)
        await tom.chat.wait(lambda _: message.is_deleted)
        await room.server.wait_for_message(tom.chat, "too fast")
    assert is_nowhere(tom.chat)


async def test_key_that_cannot_be_deleted_is_told(room: Room, tom: SimulatedUser) -> None:
    room.server.fail("deleteMessage", refuse(400, "Bad Request: message can't be deleted"))
    async with room.answering():
        await tom.send(CONNECT)
        await room.server.wait_for_message(tom.chat, render_plain(KEY_MESSAGE_REMAINS))
        await room.server.wait_for_message(tom.chat, "Your account is connected")


@pytest.mark.parametrize("bot_is_admin", [True, False])
async def test_key_in_a_group_is_refused_and_deleted_where_the_bot_may(
    room: Room, tom: SimulatedUser, *, bot_is_admin: bool
) -> None:
    group = room.server.group(-1002, "Friends", bot_is_admin=bot_is_admin)
    async with room.answering():
        message = await tom.send(CONNECT, chat=group)
        await room.server.wait_for_message(group, CONNECT_IN_PRIVATE)
    assert message.is_deleted is bot_is_admin
    first = KEY_MESSAGE_DELETED if bot_is_admin else render_plain(KEY_MESSAGE_REMAINS)
    assert first in [post.text for post in group.posts]
    assert room.trading.calls == []


async def test_key_in_an_edited_message_is_deleted_and_not_used(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.answering():
        message = await tom.send("/connect")
        await tom.edit(message, CONNECT)
        await room.server.wait_for_message(tom.chat, "I have not used it")
    assert message.is_deleted
    assert room.trading.calls == []


async def test_key_without_its_command_is_deleted_and_not_used(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.answering():
        message = await tom.send(f"{KEY} {SECRET}")
        await room.server.wait_for_message(tom.chat, "I have not used it")
    assert message.is_deleted
    assert room.trading.calls == []


async def test_forwarded_key_is_deleted_and_not_used(room: Room, tom: SimulatedUser) -> None:
    eve = room.server.user(STRANGER, "Eve")
    async with room.answering():
        message = await tom.send(CONNECT, forwarded_from=eve.person)
        await room.server.wait_for_message(tom.chat, CONNECT_FORWARDED)
    assert message.is_deleted
    assert room.trading.calls == []


async def test_key_in_the_channel_is_deleted_without_a_word_there(
    room: Room, tom: SimulatedUser
) -> None:
    async with room.answering():
        post = await tom.send(CONNECT, chat=room.channel)
        await room.channel.wait(lambda _: post.is_deleted)
        innocent = await tom.send("Good morning", chat=room.channel)
        await tom.edit(innocent, CONNECT)
        await room.channel.wait(lambda _: innocent.is_deleted)
        await ask(tom, "/help")
    assert room.channel.posts == []
    assert room.trading.calls == []


async def test_key_of_a_stranger_is_deleted_and_refused(room: Room) -> None:
    async with room.answering():
        bob = await started(room, STRANGER)
        message = await bob.send(CONNECT)
        await room.server.wait_for_message(bob.chat, TRADERS_ONLY)
    assert message.is_deleted
    assert room.trading.calls == []


async def test_connect_alone_explains_which_key_to_make(room: Room, tom: SimulatedUser) -> None:
    async with room.answering():
        message = await tom.send("/connect")
        await room.server.wait_for_message(tom.chat, render_plain(CONNECT_HELP)[:40])
    assert not message.is_deleted


async def test_half_a_key_is_deleted_too_and_not_repeated(room: Room, tom: SimulatedUser) -> None:
    async with room.answering():
        message = await tom.send(f"/connect {KEY}")
        await room.server.wait_for_message(tom.chat, render_plain(CONNECT_MALFORMED)[:30])
    assert message.is_deleted
    assert is_nowhere(tom.chat)
    assert room.trading.calls == []


async def test_refused_key_is_told_with_its_reasons(room: Room, tom: SimulatedUser) -> None:
    room.trading.connection = Denied(
        denials=(Denial(rule="withdrawal", text="the key may withdraw"),)
    )
    async with room.answering():
        await tom.send(CONNECT)
        await room.server.wait_for_message(tom.chat, "the key may withdraw")
        room.trading.failure = AccessRefusedError("code -2015")
        await tom.send(CONNECT)
        await room.server.wait_for_message(tom.chat, KEY_REFUSED)


async def test_key_is_in_no_line_of_the_log_whatever_fails(log: StringIO, room: Room) -> None:
    await room.make_trader()
    tom = room.server.user(TRADER, "Tom")
    await tom.send("/start")
    async with room.answering():
        await tom.send(CONNECT)
        await room.server.wait_for_message(tom.chat, "Your account is connected")
        room.trading.failure = ZeroDivisionError("inner detail")
        room.server.fail("deleteMessage", refuse(400, "Bad Request: message can't be deleted"))
        await tom.send(CONNECT)
        await room.server.wait_for_message(tom.chat, "went wrong")
    assert "ZeroDivisionError" in log.getvalue()
    assert "connected user=2002" in log.getvalue()
    assert KEY not in log.getvalue()
    assert SECRET not in log.getvalue()
