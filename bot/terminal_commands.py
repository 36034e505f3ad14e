"""Commands typed at a terminal: the same answers as in Telegram, pictures as files."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.answers import Ask, OperatorAnswers, PublicAnswers
from bot.pictures import Picture, draw_aside
from bot.presenters.conversation import PICTURE_FAILED
from bot.use_cases import BotUseCases


class TerminalCommands:
    """Whoever sits at the terminal is an operator. Pictures are saved below `folder`."""

    def __init__(self, use_cases: BotUseCases, folder: Path) -> None:
        public, operators = PublicAnswers(use_cases), OperatorAnswers(use_cases)
        self._commands: Mapping[str, Ask] = {**public.commands, **operators.commands}
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


def save_picture(path: Path, content: bytes) -> None:
    """Write a file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
