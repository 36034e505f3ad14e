"""Commands typed at a terminal: the same answers as in Telegram, pictures as files."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from bot.answers import Answer, Ask, OperatorAnswers, PublicAnswers
from bot.pictures import Picture, draw_aside
from bot.presenters.conversation import PICTURE_FAILED
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from bot.trade_commands import AskAs, Asker, TradeCommands
from bot.use_cases import BotUseCases

OPERATOR: Final = Asker(user_id=TERMINAL_OPERATOR_ID, is_admin=True)
"""Whoever sits at the terminal."""


class TerminalCommands:
    """Whoever sits at the terminal is an operator. Pictures are saved below `folder`.

    There is no /connect: the screen would keep the key, and the operator's is in the settings.
    """

    def __init__(self, use_cases: BotUseCases, folder: Path) -> None:
        public, operators = PublicAnswers(use_cases), OperatorAnswers(use_cases)
        trades = TradeCommands(use_cases)
        self._commands: Mapping[str, Ask] = {
            **public.commands,
            **operators.commands,
            **_asked_by_operator(trades.for_traders),
            **_asked_by_operator(trades.for_operators),
        }
        self._folder = folder

    async def answer(self, typed: str) -> list[str]:
        """What to print for "/pnl week", as HTML."""
        name, _, arguments = typed.strip().removeprefix("/").partition(" ")
        ask = self._commands.get(name.lower())
        if ask is None:
            return [f"Here I know: {' '.join(f'/{known}' for known in self._commands)}"]
        answer = await ask(arguments.strip() or None)
        if answer.picture is None:
            return [answer.text]
        return [answer.text, await self._save(answer.picture)]

    async def _save(self, picture: Picture) -> str:
        content = await draw_aside(picture.draw, picture.name)
        if content is None:
            return PICTURE_FAILED
        path = self._folder / f"{picture.name}.png"
        await asyncio.to_thread(save_picture, path, content)
        return f"📈 {path}"


def _asked_by_operator(commands: Mapping[str, AskAs]) -> dict[str, Ask]:
    """The commands of traders as the operator at the terminal gives them."""
    return {name: partial(_ask, ask) for name, ask in commands.items()}


async def _ask(ask: AskAs, arguments: str | None) -> Answer:
    return Answer(text=await ask(OPERATOR, arguments))


def save_picture(path: Path, content: bytes) -> None:
    """Write a file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
