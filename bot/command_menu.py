"""The command lists that Telegram shows. They are a menu, not access control."""

import logging
from collections.abc import Iterable, Mapping

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BotCommand, BotCommandScopeChat, BotCommandScopeDefault

from bot.presenters.conversation import ADMIN_COMMANDS, PUBLIC_COMMANDS

_log = logging.getLogger(__name__)


async def register_commands(bot: Bot, admins: Iterable[int]) -> None:
    """The public list for everybody, the long list for each operator."""
    await bot.set_my_commands(_commands(PUBLIC_COMMANDS), scope=BotCommandScopeDefault())
    for admin in admins:
        await register_admin_commands(bot, admin)


async def register_admin_commands(bot: Bot, admin: int) -> None:
    """The long list for one operator; one who never pressed Start gets it when he pairs."""
    try:
        await bot.set_my_commands(
            _commands({**PUBLIC_COMMANDS, **ADMIN_COMMANDS}),
            scope=BotCommandScopeChat(chat_id=admin),
        )
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        _log.warning("no command menu for admin=%s: %s", admin, error.message)


def _commands(described: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=text) for name, text in described.items()]
