"""Commands that are open to everybody."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.answers import PublicAnswers
from bot.arguments import parse_pair, parse_signal_id
from bot.keyboards import to_keyboard
from bot.presenters.conversation import (
    SIGNAL_USAGE,
    UNKNOWN_INPUT,
    WHY_USAGE,
    help_text,
)
from bot.presenters.explanation import explain_decision, explain_signal
from bot.presenters.open_signals import render_open
from bot.routers.answering import AnswerCommand
from bot.use_cases import BotUseCases
from bot.visitors import Visitor
from engine.issue import signal_buttons
from engine.ports.presenting import Presenter


class PublicCommands:
    """Handlers of the commands for everybody."""

    def __init__(self, use_cases: BotUseCases, presenter: Presenter) -> None:
        self._use_cases = use_cases
        self._presenter = presenter

    async def help(self, message: Message, visitor: Visitor) -> None:
        """What this visitor can do."""
        await message.answer(help_text(visitor.role))

    async def open(self, message: Message) -> None:
        """Everything that is live."""
        await message.answer(render_open(await self._use_cases.list_open()))

    async def signal(self, message: Message, command: CommandObject) -> None:
        """One signal as its post stands now."""
        signal_id = parse_signal_id(command.args)
        if signal_id is None:
            await message.answer(SIGNAL_USAGE)
            return
        followed = await self._use_cases.find_signal(signal_id)
        await message.answer(
            self._presenter.signal_post(followed),
            reply_markup=to_keyboard(signal_buttons(signal_id)),
        )

    async def why(self, message: Message, command: CommandObject) -> None:
        """The reasons of a signal by its id, or of the newest decision on a pair."""
        signal_id = parse_signal_id(command.args)
        pair = parse_pair(command.args)
        if signal_id is not None:
            text = explain_signal(await self._use_cases.find_signal(signal_id))
        elif pair is not None:
            text = explain_decision(await self._use_cases.find_decision(pair))
        else:
            text = WHY_USAGE
        await message.answer(text)


async def unknown_input(message: Message) -> None:
    """Anything else that is said in private."""
    await message.answer(UNKNOWN_INPUT)


def build_public_router(use_cases: BotUseCases, presenter: Presenter) -> Router:
    """Commands for everybody, in any chat."""
    router = Router(name="public")
    commands = PublicCommands(use_cases, presenter)
    router.message.register(commands.help, Command("help"))
    router.message.register(commands.open, Command("open"))
    router.message.register(commands.signal, Command("signal"))
    router.message.register(commands.why, Command("why"))
    for name, ask in PublicAnswers(use_cases).commands.items():
        router.message.register(AnswerCommand(ask).reply, Command(name))
    return router


def build_unknown_router() -> Router:
    """The last to be asked about messages; stays silent in groups."""
    router = Router(name="unknown")
    router.message.register(unknown_input, F.chat.type == ChatType.PRIVATE)
    return router
