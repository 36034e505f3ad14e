"""Operator commands: in private chat, by numeric id. Everybody else is refused and logged."""

import logging
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.answers import OperatorAnswers
from bot.presenters.conversation import ADMIN_COMMANDS, ADMIN_ONLY, PRIVATE_ONLY, paused, resumed
from bot.presenters.health_report import render_health
from bot.presenters.markup import clean
from bot.presenters.status_report import render_status
from bot.routers.answering import AnswerCommand
from bot.routers.trading import AnswerTrader
from bot.trade_commands import TradeCommands
from bot.use_cases import BotUseCases
from bot.visitors import Visitor
from domain.access import Role

_log = logging.getLogger(__name__)

_REASON_UNITS: Final = 120


class AdminCommands:
    """Handlers of the operator commands."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._use_cases = use_cases

    async def status(self, message: Message) -> None:
        """How things stand."""
        await message.answer(render_status(await self._use_cases.read_status()))

    async def health(self, message: Message) -> None:
        """How things stand, source by source."""
        await message.answer(render_health(await self._use_cases.read_health()))

    async def pause(self, message: Message, command: CommandObject, visitor: Visitor) -> None:
        """Issue no new signals."""
        reason = clean(command.args or "", _REASON_UNITS)
        state = await self._use_cases.pause(str(visitor.user_id), reason)
        _log.info("admin paused user=%s message=%s", visitor.user_id, message.message_id)
        await message.answer(paused(state))

    async def resume(self, message: Message, visitor: Visitor) -> None:
        """Issue signals again, as far as the breakers allow it."""
        resumption = await self._use_cases.resume(str(visitor.user_id))
        _log.info("admin resumed user=%s message=%s", visitor.user_id, message.message_id)
        await message.answer(resumed(resumption))


async def refuse(message: Message, command: CommandObject, visitor: Visitor) -> None:
    """Anybody else who tries an operator command."""
    _log.warning("refused command=%s user=%s", command.command, visitor.user_id)
    is_misplaced = visitor.role is Role.ADMIN and not visitor.is_private
    await message.answer(PRIVATE_ONLY if is_misplaced else ADMIN_ONLY)


def is_operator(_message: Message, visitor: Visitor) -> bool:
    """Filter: the visitor may use operator commands here."""
    return visitor.is_operator


def build_admin_router(use_cases: BotUseCases) -> Router:
    """Operator commands, and the refusal of everybody else right behind them."""
    router = Router(name="admin")
    commands = AdminCommands(use_cases)
    router.message.register(commands.status, Command("status"), is_operator)
    router.message.register(commands.health, Command("health"), is_operator)
    router.message.register(commands.pause, Command("pause"), is_operator)
    router.message.register(commands.resume, Command("resume"), is_operator)
    for name, ask in OperatorAnswers(use_cases).commands.items():
        router.message.register(AnswerCommand(ask).reply, Command(name), is_operator)
    for name, ask_as in TradeCommands(use_cases).for_operators.items():
        router.message.register(AnswerTrader(ask_as).reply, Command(name), is_operator)
    router.message.register(refuse, Command(*ADMIN_COMMANDS))
    return router
