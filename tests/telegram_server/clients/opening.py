"""Opens each library's bot on a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import telegram
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telegram.request import HTTPXRequest

from tests.telegram_server.clients.raw_client import RawClient
from tests.telegram_server.server import TelegramServer


def aiogram_bot(server: TelegramServer, session: AiohttpSession) -> Bot:
    """Return a bot that speaks to the server. Closing the session is the caller's part."""
    session.api = TelegramAPIServer.from_base(server.base_url)
    return Bot(server.token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


@asynccontextmanager
async def ptb_bot(server: TelegramServer, *, timeout_s: float = 5.0) -> AsyncIterator[telegram.Bot]:
    """Open a bot of python-telegram-bot, deaf to proxy settings of the machine."""
    bot = telegram.Bot(
        server.token,
        base_url=f"{server.base_url}/bot",
        base_file_url=f"{server.base_url}/file/bot",
        request=_request(timeout_s),
        get_updates_request=_request(timeout_s),
    )
    async with bot:
        yield bot


@asynccontextmanager
async def raw_client(server: TelegramServer) -> AsyncIterator[RawClient]:
    """Open a bare HTTP client."""
    async with aiohttp.ClientSession() as http:
        yield RawClient(http, server.base_url, server.token)


def _request(timeout_s: float) -> HTTPXRequest:
    """The server speaks plain HTTP: loading certificates would only cost time."""
    plain = {"trust_env": False, "verify": False}
    return HTTPXRequest(read_timeout=timeout_s, httpx_kwargs=plain)
