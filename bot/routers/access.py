"""The way in: greeting, links that lead from the channel to the private chat, and pairing."""

import logging

from aiogram import Bot, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import Message

from bot.arguments import parse_deep_link
from bot.chart_desk import ChartDesk
from bot.command_menu import register_menu
from bot.presenters.conversation import PAIRED, WRONG_CODE, greeting
from bot.presenters.explanation import explain_signal
from bot.presenters.trade_conversation import TRADERS_ONLY
from bot.trade_answers import TradeAnswers
from bot.use_cases import BotUseCases
from bot.visitors import Visitor
from domain.access import Role

_log = logging.getLogger(__name__)


class AccessCommands:
    """Handlers of /start in its forms."""

    def __init__(self, use_cases: BotUseCases, charts: ChartDesk) -> None:
        self._use_cases = use_cases
        self._charts = charts
        self._trades = TradeAnswers(use_cases)

    async def start(
        self, message: Message, command: CommandObject, visitor: Visitor, bot: Bot
    ) -> None:
        """Greet; in private, follow a link or take a pairing code."""
        if visitor.may_trade_here:
            await register_menu(bot, visitor.user_id, visitor.role)
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
        elif subject == "exec":
            await self._execute(message, signal_id, visitor)
        else:
            await message.answer(explain_signal(await self._use_cases.find_signal(signal_id)))

    async def _execute(self, message: Message, signal_id: int, visitor: Visitor) -> None:
        """The press that led here, once more: now the confirmation can be sent."""
        if not visitor.is_trader:
            _log.warning("refused link=exec user=%s", visitor.user_id)
            await message.answer(TRADERS_ONLY)
            return
        _log.info("execute signal=%s user=%s", signal_id, visitor.user_id)
        text = await self._trades.execute(signal_id, visitor.user_id)
        if text is not None:
            await message.answer(text)

    async def _pair(self, message: Message, code: str, visitor: Visitor, bot: Bot) -> None:
        if not await self._use_cases.pair_admin(visitor.user_id, code):
            _log.warning("wrong pairing code user=%s", visitor.user_id)
            await message.answer(WRONG_CODE)
            return
        _log.warning("paired admin user=%s", visitor.user_id)
        await register_menu(bot, visitor.user_id, Role.ADMIN)
        await message.answer(PAIRED)


def build_access_router(use_cases: BotUseCases, charts: ChartDesk) -> Router:
    """/start."""
    router = Router(name="access")
    router.message.register(AccessCommands(use_cases, charts).start, CommandStart())
    return router
