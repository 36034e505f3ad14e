"""Looks at Telegram: the token, the bot's rights in the channel, and the administrators."""

from collections.abc import Iterable

from aiogram import Bot
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import Chat, ChatMemberAdministrator, ResultChatMemberUnion, User

from app.doctor.check import CheckResult, Examination, failure, ok, warning
from app.settings.sections import TelegramSettings
from bot.telegram import make_bot

_TOKEN_REFUSED = (TelegramUnauthorizedError, TelegramNotFound)
_IN_A_GROUP = (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)
_NOT_THERE = (TelegramBadRequest, TelegramForbiddenError)


async def examine_telegram(settings: TelegramSettings) -> Examination:
    """Ask the Bot API server of the settings; without a token there is nothing to ask."""
    if settings.bot_token is None:
        mend = "get a token from @BotFather and set TELEGRAM_BOT_TOKEN"
        yield warning("Telegram", "no token: messages go to the terminal only", mend)
        return
    async with make_bot(settings.bot_token.get_secret_value(), settings.api_url) as bot:
        async for line in _examine_bot(bot, settings):
            yield line


async def _examine_bot(bot: Bot, settings: TelegramSettings) -> Examination:
    try:
        me = await bot.get_me()
    except _TOKEN_REFUSED:
        mend = "copy TELEGRAM_BOT_TOKEN anew from @BotFather (/mybots, API Token)"
        yield failure("Telegram", "the token is refused", mend)
        return
    except TelegramNetworkError as error:
        yield failure("Telegram", str(error), "check the network and TELEGRAM_API_URL")
        return
    yield ok("Telegram", f"the token is that of @{me.username}")
    yield await _examine_channel(bot, me, settings.channel_id)
    async for line in _examine_admins(bot, settings.admin_ids):
        yield line


async def _examine_channel(bot: Bot, me: User, channel: int | str | None) -> CheckResult:
    if channel is None:
        mend = "set TELEGRAM_CHANNEL_ID and make the bot an administrator there"
        return warning("channel", "none is set: signals are posted nowhere", mend)
    try:
        chat = await bot.get_chat(channel)
        member = await bot.get_chat_member(channel, me.id)
    except _NOT_THERE as error:
        mend = f"check TELEGRAM_CHANNEL_ID and make @{me.username} an administrator there"
        return failure("channel", f"{channel} can't be reached: {error.message}", mend)
    title = chat.title or str(channel)
    if may_post(chat, member):
        return ok("channel", f"@{me.username} may post to {title}")
    mend = f"make @{me.username} an administrator with the right to post messages"
    return failure("channel", f"@{me.username} may not post to {title}", mend)


def may_post(chat: Chat, member: ResultChatMemberUnion) -> bool:
    """Who may post may edit what he posted: `can_edit_messages` is about the posts of others."""
    if chat.type != ChatType.CHANNEL:
        return member.status in _IN_A_GROUP
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)


async def _examine_admins(bot: Bot, admin_ids: Iterable[int]) -> Examination:
    strangers = [user_id for user_id in admin_ids if not await _knows(bot, user_id)]
    if strangers:
        listed = ", ".join(map(str, strangers))
        mend = "let them open a chat with the bot and send /start: a bot can't write first"
        yield warning("administrators", f"unknown to the bot: {listed}", mend)


async def _knows(bot: Bot, user_id: int) -> bool:
    try:
        await bot.get_chat(user_id)
    except TelegramAPIError:
        return False
    return True
