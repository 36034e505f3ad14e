"""Starting and stopping over real sockets: late servers, bad tokens, handlers at work."""

import asyncio

import pytest
from aiogram.client.telegram import TelegramAPIServer

from bot.application import TelegramApplication
from domain.errors import ConfigurationError
from engine.reports import StatusReport
from tests.builders.reports import make_status
from tests.integration.bot.telegram_room import ADMIN, Room, open_room
from tests.telegram_server import refuse


def application_of(room: Room) -> TelegramApplication:
    return TelegramApplication(
        bot=room.bot, use_cases=room.use_cases, presenter=room.presenter, clock=room.clock
    )


async def test_token_that_telegram_refuses_is_a_setting_to_mend(room: Room) -> None:
    room.server.fail("getMe", refuse(401, "Unauthorized"))
    with pytest.raises(ConfigurationError, match="TELEGRAM_BOT_TOKEN"):
        await application_of(room).run()


async def test_telegram_that_is_down_at_the_start_is_tried_again() -> None:
    async with open_room() as room:
        there = room.bot.session.api
        room.bot.session.api = TelegramAPIServer.from_base("http://127.0.0.1:9")
        application = application_of(room)
        async with asyncio.TaskGroup() as group:
            group.create_task(application.run())
            await asyncio.sleep(0.05)
            room.bot.session.api = there
            await room.server.wait_for_poll()
            await application.stop()


async def test_stop_before_the_start_means_no_start(room: Room) -> None:
    application = application_of(room)
    await application.stop()
    await application.run()
    assert len(room.server.journal) == 0


async def test_stop_waits_for_a_handler_at_work(room: Room) -> None:
    ann = room.server.user(ADMIN, "Ann")
    begun, allowed = asyncio.Event(), asyncio.Event()

    async def slow_status() -> StatusReport:
        begun.set()
        await allowed.wait()
        return make_status()

    room.read_status = slow_status  # type: ignore[method-assign] # a slow use case
    async with room.answering() as application:
        await ann.send("/start")
        await ann.send("/status")
        await begun.wait()
        async with asyncio.TaskGroup() as group:
            stopping = group.create_task(application.stop())
            await asyncio.sleep(0.05)
            assert not stopping.done()
            allowed.set()
        await room.server.wait_for_message(ann.chat, "Status")


async def test_cancelled_bot_leaves_no_poll_behind(room: Room) -> None:
    running = asyncio.get_running_loop().create_task(application_of(room).run())
    await room.server.wait_for_poll()
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert not [task for task in asyncio.all_tasks() if "polling" in repr(task.get_coro())]
