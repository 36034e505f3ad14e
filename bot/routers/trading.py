"""Commands about trades: for traders by numeric id, in private chat; everybody else is refused."""

import logging

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.presenters.connecting import NOT_CONNECTED
from bot.presenters.conversation import TRADER_COMMANDS
from bot.presenters.trade_conversation import TRADE_IN_PRIVATE, TRADERS_ONLY
from bot.routers.connecting import ConnectCommand
from bot.routers.shown_keys import shows_key, tell_of_shown_key
from bot.trade_answers import TradeAnswers
from bot.trade_arguments import looks_like_share
from bot.trade_commands import AskAs, Asker, TradeCommands
from bot.use_cases import BotUseCases
from bot.visitors import Visitor
from domain.access import Role

_log = logging.getLogger(__name__)


class AnswerTrader:
    """The handler of one command about trades."""

    def __init__(self, ask: AskAs) -> None:
        self._ask = ask

    async def reply(self, message: Message, command: CommandObject, visitor: Visitor) -> None:
        """Ask as who he is."""
        await message.answer(await self._ask(asker_of(visitor), command.args))


class EraseForAnybody:
    """The handler of /disconnect for those who are no traders (any more).

    Whoever lost his role must still be able to have his key erased.
    """

    def __init__(self, commands: TradeCommands) -> None:
        self._commands = commands

    async def reply(self, message: Message, visitor: Visitor) -> None:
        """Erase a key if there is one; else the visitor is refused as everywhere."""
        answer = await self._commands.disconnect(asker_of(visitor), None)
        await message.answer(TRADERS_ONLY if answer == NOT_CONNECTED else answer)


class TypedShare:
    """The handler of a percentage that a trader types."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._answers = TradeAnswers(use_cases)

    async def reply(self, message: Message, visitor: Visitor) -> None:
        """Size his newest offer."""
        await message.answer(await self._answers.take_share(message.text or "", visitor.user_id))


def asker_of(visitor: Visitor) -> Asker:
    """A visitor as the one who asks about trades."""
    return Asker(user_id=visitor.user_id, is_admin=visitor.role is Role.ADMIN)


async def refuse(message: Message, command: CommandObject, visitor: Visitor) -> None:
    """Anybody else who tries a command about trades."""
    _log.warning("refused command=%s user=%s", command.command, visitor.user_id)
    await message.answer(TRADE_IN_PRIVATE if visitor.is_trader else TRADERS_ONLY)


def may_trade_here(_message: Message, visitor: Visitor) -> bool:
    """Filter: commands about trades are open to the visitor here."""
    return visitor.may_trade_here


def is_himself_in_private(_message: Message, visitor: Visitor) -> bool:
    """Filter: a person in private chat, whatever his role."""
    return visitor.is_person and visitor.is_private


def is_share(message: Message) -> bool:
    """Filter: the whole message is meant as a percentage."""
    return looks_like_share(message.text or "")


def build_trading_router(use_cases: BotUseCases) -> Router:
    """Commands about trades, and the refusal of everybody else right behind them."""
    router = Router(name="trading")
    # First, and for everybody: whoever shows a key must be told what became of his message.
    connect = Command("connect", ignore_case=True)
    router.message.register(ConnectCommand(use_cases).reply, connect)
    router.message.register(tell_of_shown_key, shows_key)
    commands = TradeCommands(use_cases)
    for name, ask in commands.for_traders.items():
        router.message.register(AnswerTrader(ask).reply, Command(name), may_trade_here)
    erase = EraseForAnybody(commands)
    router.message.register(erase.reply, Command("disconnect"), is_himself_in_private)
    router.message.register(refuse, Command(*TRADER_COMMANDS))
    router.message.register(TypedShare(use_cases).reply, may_trade_here, is_share)
    return router
