"""Whether the bot may write to somebody in private."""

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError


async def can_reach(bot: Bot, user_id: int, action: ChatAction) -> bool:
    """Not before he has pressed Start. Where it may, he sees that the bot is busy with `action`."""
    try:
        await bot.send_chat_action(user_id, action)
    except (TelegramForbiddenError, TelegramBadRequest):
        return False
    return True
