"""aiogram's own dispatcher polls the local Bot API server as it polls Telegram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.telegram_server import Chat, ManualClock, SimulatedUser, TelegramServer
from tests.telegram_server.clients.opening import aiogram_bot

WHY = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Why", callback_data="why:1")]]
)


@pytest.fixture(scope="module")
async def session() -> AsyncIterator[AiohttpSession]:
    session = AiohttpSession()
    yield session
    await session.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def server(clock: ManualClock) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(clock=clock) as server:
        yield server


@pytest.fixture
def channel(server: TelegramServer) -> Chat:
    return server.channel()


@pytest.fixture
def ann(server: TelegramServer) -> SimulatedUser:
    return server.user(1001, "Ann")


@pytest.fixture
def bot(server: TelegramServer, session: AiohttpSession) -> Bot:
    return aiogram_bot(server, session)


@asynccontextmanager
async def polling(bot: Bot, dispatcher: Dispatcher) -> AsyncIterator[None]:
    """Poll in the background."""
    task = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
    )
    yield
    await dispatcher.stop_polling()
    await task


def greeting() -> Dispatcher:
    """A bot that greets."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def greet(message: Message) -> None:
        await message.answer(f"Hello <b>{message.chat.first_name}</b>")

    return dispatcher


def explaining() -> Dispatcher:
    """A bot that also explains a signal to whoever presses the button."""
    dispatcher = greeting()

    @dispatcher.callback_query()
    async def explain(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.answer("Trend is up", show_alert=True)
        await query.message.edit_text(f"{query.message.text}, explained")

    return dispatcher


async def test_command_is_answered_and_press_edits_the_post(
    server: TelegramServer, bot: Bot, channel: Chat, ann: SimulatedUser
) -> None:
    post = await bot.send_message(channel.id, "signal", reply_markup=WHY)

    async with polling(bot, explaining()):
        await ann.send("/start")
        greeting_message = await server.wait_for_message(ann.chat, "Hello")
        press = await ann.press(channel, post.message_id, "Why")
        answer = await press.answer()
        edited = await server.wait_for_message(channel, "explained")

    assert greeting_message.content.formatted.of_type("bold") == ["Ann"]
    assert (answer.text, answer.show_alert) == ("Trend is up", True)
    assert edited.history == ["signal", "signal, explained"]
    assert not edited.keyboard


async def test_poll_is_held_rather_than_repeated(
    server: TelegramServer, bot: Bot, ann: SimulatedUser
) -> None:
    async with polling(bot, greeting()):
        await ann.send("/start")
        await server.wait_for_message(ann.chat, "Hello")

    assert len(server.journal.of("getUpdates")) == 1


async def test_redelivered_update_is_handled_twice(
    server: TelegramServer, bot: Bot, channel: Chat, ann: SimulatedUser
) -> None:
    async with polling(bot, greeting()):
        await ann.send("/start")
        await server.wait_for_message(ann.chat, "Hello")
        await server.redeliver()
        posts = await ann.chat.wait(lambda posts: posts if len(posts) == 2 else None)

    assert [post.text for post in posts] == ["Hello Ann", "Hello Ann"]


async def test_kind_without_handler_is_not_asked_for(
    server: TelegramServer, bot: Bot, channel: Chat, ann: SimulatedUser
) -> None:
    post = await bot.send_message(channel.id, "signal", reply_markup=WHY)

    async with polling(bot, greeting()):
        await ann.send("/start")
        await server.wait_for_message(ann.chat, "Hello")
        press = await ann.press(channel, post.message_id, "Why")

    assert press.update_id is None


async def test_second_poller_ends_the_first_with_a_conflict(
    server: TelegramServer, bot: Bot, ann: SimulatedUser
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await server.wait_for_poll()
    second = asyncio.create_task(bot.get_updates(timeout=5))

    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await first

    await ann.send("/start")
    assert len(await second) == 1


async def test_poller_that_died_leaves_its_updates_to_the_next(
    server: TelegramServer, bot: Bot, ann: SimulatedUser
) -> None:
    died_holding = asyncio.create_task(bot.get_updates(timeout=5))
    await server.wait_for_poll()
    died_holding.cancel()
    await server.world.watch.wait_until(lambda: server.world.updates.held_polls == 0, timeout_s=5)
    await ann.send("/start")

    died_before_confirming = await bot.get_updates(timeout=5)
    successor = await bot.get_updates(timeout=5)

    assert successor == died_before_confirming
    assert len(successor) == 1


async def test_poll_is_refused_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.set_webhook("https://quorum.example/hook")

    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()


async def test_answer_after_the_time_for_it_is_refused(
    bot: Bot, channel: Chat, ann: SimulatedUser, clock: ManualClock
) -> None:
    post = await bot.send_message(channel.id, "signal", reply_markup=WHY)
    press = await ann.press(channel, post.message_id, "Why")
    clock.advance(16)

    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(press.id, "late")
