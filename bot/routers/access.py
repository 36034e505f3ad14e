"""The way in: greeting, links that lead from the channel to the private chat, and pairing."""

import logging

from aiogram import Bot, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import Message

from bot.arguments import parse_deep_link
from bot.chart_desk import ChartDesk
from bot.command_menu import register_admin_commands
from bot.presenters.conversation import PAIRED, WRONG_CODE, greeting
from bot.presenters.explanation import explain_signal
from bot.use_cases import BotUseCases
from bot.visitors import Visitor

_log = logging.getLogger(__name__)


class AccessCommands:
    """Handlers of /start in its forms."""

    def __init__(self, use_cases: BotUseCases, charts: ChartDesk) -> None:
        self._use_cases = use_cases
        self._charts = charts

    async def start(
        self, message: Message, command: CommandObject, visitor: Visitor, bot: Bot
    ) -> None:
        """Greet; in private, follow a link or take a pairing code."""
        if not command.args or not (visitor.is_private and visitor.is_person):
            await message.answer(greeting(visitor.role))
            return
        link = parse_deep_link(command.args)
        if link is None:
            await self._pair(message, command.args, visitor, bot)
            return
        subject, signal_id = link
        if subject == "chart":
            await self._charts.send(bot, visitor.user_id, signal_id)
        else:
            await message.answer(explain_signal(await self._use_cases.find_signal(signal_id)))

    async def _pair(self, message: Message, code: str, visitor: Visitor, bot: Bot) -> None:
        if not await self._use_cases.pair_admin(visitor.user_id, code):
            _log.warning("wrong pairing code user=%s", visitor.user_id)
            await message.answer(WRONG_CODE)
            return
        _log.warning("paired admin user=%s", visitor.user_id)
        await register_admin_commands(bot, visitor.user_id)
        await message.answer(PAIRED)


def build_access_router(use_cases: BotUseCases, charts: ChartDesk) -> Router:
    """/start."""
    router = Router(name="access")
    router.message.register(AccessCommands(use_cases, charts).start, CommandStart())
    return router
