"""Each fault of the local Bot API server reaches each library as the exception it has for it."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import telegram.error as ptb
from aiogram import Bot
from aiogram import exceptions as aio
from aiogram.client.session.aiohttp import AiohttpSession

from tests.telegram_server import (
    AnswerPlain,
    AnswerSlowly,
    Chat,
    DropConnection,
    Hang,
    TelegramServer,
    migrated,
    refuse,
    retry_after,
)
from tests.telegram_server.clients.opening import aiogram_bot, ptb_bot
from tests.telegram_server.faults import Fault


class Case(NamedTuple):
    """A fault and what the libraries make of it."""

    fault: Fault
    in_aiogram: type[Exception]
    in_ptb: type[Exception]
    is_delivered: bool = False

    @property
    def patience_s(self) -> float:
        """Return how long a client should wait: not long when nothing comes."""
        return 0.6 if isinstance(self.fault, Hang | AnswerSlowly) else 5.0


SERVER_ERROR = "Internal Server Error"
CASES = {
    "flood": Case(retry_after(7), aio.TelegramRetryAfter, ptb.RetryAfter),
    "bad request": Case(
        refuse(400, "Bad Request: chat not found"), aio.TelegramBadRequest, ptb.BadRequest
    ),
    "migrated": Case(migrated(-1009), aio.TelegramMigrateToChat, ptb.ChatMigrated),
    "forbidden": Case(
        refuse(403, "Forbidden: bot was blocked by the user"),
        aio.TelegramForbiddenError,
        ptb.Forbidden,
    ),
    "revoked token": Case(
        refuse(401, "Unauthorized"), aio.TelegramUnauthorizedError, ptb.InvalidToken
    ),
    "conflict": Case(refuse(409, "Conflict: terminated"), aio.TelegramConflictError, ptb.Conflict),
    "server error": Case(refuse(500, SERVER_ERROR), aio.TelegramServerError, ptb.NetworkError),
    "server error after delivery": Case(
        refuse(500, SERVER_ERROR, delivers=True), aio.TelegramServerError, ptb.NetworkError, True
    ),
    "restarting": Case(
        refuse(500, "Internal Server Error: restart"), aio.RestartingTelegram, ptb.NetworkError
    ),
    "gateway page": Case(AnswerPlain(), aio.ClientDecodeError, ptb.NetworkError),
    "dropped before": Case(DropConnection(), aio.TelegramNetworkError, ptb.NetworkError),
    "dropped after": Case(
        DropConnection(delivers=True), aio.TelegramNetworkError, ptb.NetworkError, True
    ),
    "silence": Case(Hang(), aio.TelegramNetworkError, ptb.TimedOut, True),
    "too slow": Case(AnswerSlowly(seconds=5), aio.TelegramNetworkError, ptb.TimedOut, True),
}


@pytest.fixture(scope="module")
async def session() -> AsyncIterator[AiohttpSession]:
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
def bot(server: TelegramServer, session: AiohttpSession) -> Bot:
    session.timeout = 5.0
    return aiogram_bot(server, session)


@pytest.mark.parametrize("name", CASES)
async def test_fault_is_raised_by_aiogram(
    name: str, server: TelegramServer, channel: Chat, bot: Bot
) -> None:
    case = CASES[name]
    rule = server.fail("sendMessage", case.fault, chat=channel)
    bot.session.timeout = case.patience_s

    with pytest.raises(case.in_aiogram) as caught:
        await bot.send_message(channel.id, "signal")

    assert type(caught.value) is case.in_aiogram
    assert rule.hits == 1
    assert [post.text for post in channel.posts] == ["signal"] * case.is_delivered


@pytest.mark.parametrize("name", CASES)
async def test_fault_is_raised_by_python_telegram_bot(
    name: str, server: TelegramServer, channel: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # its old type of retry_after warns
    case = CASES[name]
    server.fail("sendMessage", case.fault, chat=channel)

    async with ptb_bot(server, timeout_s=case.patience_s) as bot:
        with pytest.raises(case.in_ptb):
            await bot.send_message(channel.id, "signal")

    assert [post.text for post in channel.posts] == ["signal"] * case.is_delivered


async def test_flood_tells_how_long_to_wait(
    server: TelegramServer, channel: Chat, bot: Bot
) -> None:
    server.fail("sendMessage", retry_after(7))

    with pytest.raises(aio.TelegramRetryAfter) as caught:
        await bot.send_message(channel.id, "signal")

    assert caught.value.retry_after == 7


async def test_retry_after_silence_doubles_the_post(
    server: TelegramServer, channel: Chat, bot: Bot
) -> None:
    """Why a send of unknown outcome is never repeated blindly: there is no idempotency key."""
    server.fail("sendMessage", Hang())
    bot.session.timeout = 0.6
    with pytest.raises(aio.TelegramNetworkError):
        await bot.send_message(channel.id, "signal")

    bot.session.timeout = 5.0
    await bot.send_message(channel.id, "signal")

    assert [post.text for post in channel.posts] == ["signal", "signal"]


async def test_fault_strikes_only_the_chosen_chat_method_and_number_of_calls(
    server: TelegramServer, channel: Chat, bot: Bot
) -> None:
    other = server.group(-1002, "Traders")
    server.fail("sendMessage", retry_after(1), chat=channel, times=2, skip=1)

    await bot.send_message(channel.id, "first passes")
    await bot.send_message(other.id, "another chat passes")
    await bot.get_me()
    for _ in range(2):
        with pytest.raises(aio.TelegramRetryAfter):
            await bot.send_message(channel.id, "refused")
    await bot.send_message(channel.id, "third time lucky")

    assert [post.text for post in channel.posts] == ["first passes", "third time lucky"]
    faults = [entry.fault for entry in server.journal.of("sendMessage", chat_id=channel.id)]
    assert faults == [None, "Refuse", "Refuse", None]


async def test_wrong_token_is_unauthorized(server: TelegramServer, session: AiohttpSession) -> None:
    aiogram_bot(server, session)
    stranger = Bot("123456789:wrong", session=session)

    with pytest.raises(aio.TelegramUnauthorizedError):
        await stranger.get_me()


async def test_unknown_method_is_not_found(server: TelegramServer, bot: Bot) -> None:
    with pytest.raises(aio.TelegramNotFound, match="Not Found"):
        await bot.log_out()

    assert [entry.method for entry in server.journal] == ["logOut"]
