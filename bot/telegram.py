"""Telegram as a messenger: sends and edits through aiogram, errors translated to outcomes."""

from typing import Final

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import ReplyParameters
from aiohttp import ClientTimeout

from bot.keyboards import to_keyboard
from bot.telegram_errors import is_not_modified, translated_errors
from domain.messages import CHANNEL, OutgoingMessage

REQUEST_SECONDS: Final = 15.0
"""How long an answer is waited for; long polls add their own time."""

_CONNECT_SECONDS: Final = 5.0
"""How long a connection may take. A request that got none was never sent, and is repeated."""


class _Session(AiohttpSession):
    """Tells a server that cannot be reached from one that does not answer."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - named by aiogram
    ) -> TelegramType:
        """Carry out a request; `timeout` is the whole of it in seconds."""
        whole = ClientTimeout(
            total=self.timeout if timeout is None else timeout, sock_connect=_CONNECT_SECONDS
        )
        return await super().make_request(bot, method, timeout=whole)  # type: ignore[arg-type] # handed on to aiohttp, which takes both


def make_bot(
    token: str, api_url: str | None = None, *, request_seconds: float = REQUEST_SECONDS
) -> Bot:
    """A bot that speaks HTML without link previews; `api_url` replaces Telegram's own address."""
    api = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
    return Bot(
        token,
        session=_Session(api=api, timeout=request_seconds),
        default=DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True),
    )


class TelegramMessenger:
    """Fulfils `bot.messenger.Messenger`. `channel_id` is a number, or a public channel's @name."""

    def __init__(self, bot: Bot, channel_id: int | str) -> None:
        self._bot = bot
        self._channel_id = channel_id

    async def send(self, message: OutgoingMessage, *, reply_to: int | None) -> int:
        """Send; a reply goes out even when the message it answers is gone."""
        with translated_errors():
            sent = await self._bot.send_message(
                self._chat_of(message),
                message.text,
                reply_markup=to_keyboard(message.buttons),
                reply_parameters=_answering(reply_to),
                disable_notification=message.silent,
            )
        return sent.message_id

    async def edit(self, message: OutgoingMessage, message_id: int) -> None:
        """Replace text and buttons; that nothing changes is fine."""
        with translated_errors():
            try:
                await self._bot.edit_message_text(
                    message.text,
                    chat_id=self._chat_of(message),
                    message_id=message_id,
                    reply_markup=to_keyboard(message.buttons),
                )
            except TelegramBadRequest as error:
                if not is_not_modified(error):
                    raise

    async def check(self) -> None:
        """Ask Telegram who this bot is."""
        with translated_errors():
            await self._bot.get_me()

    def _chat_of(self, message: OutgoingMessage) -> int | str:
        return self._channel_id if message.recipient == CHANNEL else int(message.recipient)


def _answering(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
