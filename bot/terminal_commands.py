"""Commands typed at a terminal: the same answers as in Telegram, pictures as files."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from bot.answers import Answer, Ask, OperatorAnswers, PublicAnswers
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from bot.terminal_pictures import TerminalPictures
from bot.trade_commands import AskAs, Asker, TradeCommands
from bot.use_cases import BotUseCases

OPERATOR: Final = Asker(user_id=TERMINAL_OPERATOR_ID, is_admin=True)
"""Whoever sits at the terminal."""


class TerminalCommands:
    """Whoever sits at the terminal is an operator.

    There is no /connect: the screen would keep the key, and the operator's is in the settings.
    """

    def __init__(self, use_cases: BotUseCases, pictures: TerminalPictures) -> None:
        public, operators = PublicAnswers(use_cases), OperatorAnswers(use_cases)
        trades = TradeCommands(use_cases)
        self._commands: Mapping[str, Ask] = {
            **public.commands,
            **operators.commands,
            **_asked_by_operator(trades.for_traders),
            **_asked_by_operator(trades.for_operators),
        }
        self._pictures = pictures

    async def answer(self, typed: str) -> list[str]:
        """What to print for "/pnl week", as HTML."""
        name, _, arguments = typed.strip().removeprefix("/").partition(" ")
        ask = self._commands.get(name.lower())
        if ask is None:
            return [f"Here I know: {' '.join(f'/{known}' for known in self._commands)}"]
        answer = await ask(arguments.strip() or None)
        if answer.picture is None:
            return [answer.text]
        return [answer.text, await self._pictures.keep(answer.picture.name, answer.picture.draw)]


def _asked_by_operator(commands: Mapping[str, AskAs]) -> dict[str, Ask]:
    """The commands of traders as the operator at the terminal gives them."""
    return {name: partial(_ask, ask) for name, ask in commands.items()}


async def _ask(ask: AskAs, arguments: str | None) -> Answer:
    return Answer(text=await ask(OPERATOR, arguments))
