"""The command lists that Telegram shows. They are a menu, not access control."""

import logging
from collections.abc import Iterable, Mapping
from typing import Final

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BotCommand, BotCommandScopeChat, BotCommandScopeDefault

from bot.presenters.conversation import ADMIN_COMMANDS, PUBLIC_COMMANDS, TRADER_COMMANDS
from domain.access import Role

_log = logging.getLogger(__name__)


_OF_ROLE: Final[Mapping[Role, Mapping[str, str]]] = {
    Role.GUEST: PUBLIC_COMMANDS,
    Role.TRADER: {**PUBLIC_COMMANDS, **TRADER_COMMANDS},
    Role.ADMIN: {**PUBLIC_COMMANDS, **TRADER_COMMANDS, **ADMIN_COMMANDS},
}


async def register_commands(bot: Bot, *, traders: Iterable[int], admins: Iterable[int]) -> None:
    """The public list for everybody, a longer one for each trader and each operator."""
    await bot.set_my_commands(_commands(PUBLIC_COMMANDS), scope=BotCommandScopeDefault())
    for trader in traders:
        await register_menu(bot, trader, Role.TRADER)
    for admin in admins:
        await register_menu(bot, admin, Role.ADMIN)


async def register_menu(bot: Bot, user_id: int, role: Role) -> None:
    """The list of one person; one who never pressed Start gets it when he does."""
    try:
        await bot.set_my_commands(
            _commands(_OF_ROLE[role]), scope=BotCommandScopeChat(chat_id=user_id)
        )
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        _log.warning("no command menu for user=%s: %s", user_id, error.message)


def _commands(described: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=text) for name, text in described.items()]
