"""The token is in every request's address; it must not be in a single line of the log."""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from aiogram.client.telegram import TelegramAPIServer

from app.logging import configure_logging
from app.settings.sections import LoggingSettings
from engine.ports.storage import OutboxState
from tests.builders.signals import make_followed, make_signal
from tests.integration.bot.telegram_room import ADMIN, Room, open_room
from tests.telegram_server import TOKEN, AnswerPlain, DropConnection, Hang, refuse
from tests.telegram_server.faults import Fault

SECRET = TOKEN.partition(":")[2]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the product's own log pipeline writes, at its most talkative."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    written = StringIO()
    configure_logging(
        LoggingSettings(level="debug", format="json"),
        now=lambda: datetime(2025, 10, 6, tzinfo=UTC),
        secrets=[TOKEN],
        stream=written,
    )
    yield written
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
async def talkative_room(log: StringIO) -> AsyncIterator[Room]:
    async with open_room() as opened:
        await opened.make_admin()
        yield opened


async def test_token_is_in_no_line_of_the_log_whatever_fails(
    talkative_room: Room, log: StringIO
) -> None:
    room = talkative_room
    ann = room.server.user(ADMIN, "Ann")
    failed = refuse(500, "Internal Server Error")
    failures: tuple[Fault, ...] = (DropConnection(), Hang(), AnswerPlain(), failed)
    for number, fault in enumerate(failures, 1):
        room.server.fail("sendMessage", fault, chat=room.channel)
        await room.publish(make_followed(signal=make_signal(number)))
    room.server.fail("getUpdates", DropConnection())
    room.failure = ZeroDivisionError("inner detail")
    async with room.answering(), room.delivering():
        await ann.send("/start")
        await ann.send("/status")
        await room.server.wait_for_message(ann.chat, "went wrong")
        for number in range(1, len(failures) + 1):
            await room.until(f"signal:{number}", OutboxState.UNKNOWN)
    assert "delivery in doubt" in log.getvalue()
    assert "ZeroDivisionError" in log.getvalue()
    assert SECRET not in log.getvalue()
    assert all(SECRET not in post.text for post in ann.chat.posts)


async def test_token_is_not_logged_when_there_is_nobody_to_connect_to(
    talkative_room: Room, log: StringIO
) -> None:
    room = talkative_room
    there = room.bot.session.api
    room.bot.session.api = TelegramAPIServer.from_base("http://127.0.0.1:9")
    await room.publish(make_followed())
    async with room.delivering():
        while "delivery postponed" not in log.getvalue():
            await room.clock.sleep(0.01)
        room.bot.session.api = there
    assert SECRET not in log.getvalue()
