"""Gives the roles that the settings name, and takes those away that they name no more."""

from datetime import datetime
from typing import Final

from app.settings.sections import TelegramSettings
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from domain.access import Role
from engine.ports.storage import UnitOfWork

_ADMINS: Final = "settings"
_TRADERS: Final = "settings, traders"
_TERMINAL: Final = "terminal"


async def grant_roles(unit: UnitOfWork, settings: TelegramSettings, at: datetime) -> list[int]:
    """Admins and traders of the settings; without Telegram, whoever sits at the terminal.

    The ids of all admins then, those who were paired included.
    """
    for user_id in set(settings.trader_ids) - set(settings.admin_ids):
        await unit.users.grant(user_id, Role.TRADER, at=at, how=_TRADERS)
    for user_id in settings.admin_ids:
        await unit.users.grant(user_id, Role.ADMIN, at=at, how=_ADMINS)
    operators = (TERMINAL_OPERATOR_ID,) if settings.bot_token is None else ()
    for user_id in operators:
        await unit.users.grant(user_id, Role.ADMIN, at=at, how=_TERMINAL)
    await unit.users.keep_only(_TRADERS, settings.trader_ids)
    await unit.users.keep_only(_ADMINS, settings.admin_ids)
    await unit.users.keep_only(_TERMINAL, operators)
    return await unit.users.list_with(Role.ADMIN)
