"""Buttons on a terminal: numbered choices, pressed by typing the number; commands as they are."""

import asyncio
import logging
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from bot.charts import draw_chart
from bot.presenters.conversation import MARKED_ARRIVED, RESEND_QUEUED, STALE_BUTTON
from bot.presenters.explanation import explain_signal
from bot.refusals import words_for
from bot.terminal_commands import TerminalCommands
from bot.terminal_pictures import TerminalPictures
from bot.terminal_text import to_rich
from bot.terminal_trades import TerminalTrades, is_typed_share
from bot.use_cases import BotUseCases
from domain.errors import QuorumError
from domain.messages import Action, Button

_log = logging.getLogger(__name__)

_MOST_OFFERED: Final = 500
"""Older choices are forgotten."""

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")

_SETTLING: Final = frozenset({Action.RESEND, Action.ARRIVED})


class TerminalButtons:
    """Gives each button a number and remembers what it stands for."""

    def __init__(self) -> None:
        self._offered: dict[int, Button] = {}
        self._last = 0

    def offer(self, buttons: Sequence[Button]) -> str:
        """One line with the choices: "[7] Why  [8] Chart"; empty without buttons."""
        return "  ".join(f"[{self._number(button)}] {button.label}" for button in buttons)

    def find(self, number: int) -> Button | None:
        """The button with a number, if it was offered and not forgotten."""
        return self._offered.get(number)

    def _number(self, button: Button) -> int:
        self._last += 1
        self._offered[self._last] = button
        self._offered.pop(self._last - _MOST_OFFERED, None)
        return self._last


class TerminalPresses:
    """Carries out what a typed number asks for, by the same use cases as in Telegram.

    Whoever sits at the terminal is an operator. Charts are saved below `charts`.
    """

    def __init__(
        self, *, console: Console, buttons: TerminalButtons, use_cases: BotUseCases, charts: Path
    ) -> None:
        self._console = console
        self._buttons = buttons
        self._use_cases = use_cases
        self._pictures = TerminalPictures(charts)
        self._commands = TerminalCommands(use_cases, self._pictures)
        self._trades = TerminalTrades(use_cases)

    async def press(self, typed: str) -> None:
        """Answer one line of input: a number, a percentage, or a command. Nothing typed raises."""
        try:
            for markup in await self._answer(typed):
                self._say(markup)
        except QuorumError as error:
            self._console.print(Text(str(error), style="yellow"))
        except Exception as error:  # noqa: BLE001 - as in Telegram: no question may end the bot
            _log.exception("answer at the terminal failed")
            self._say(words_for(error))

    async def _answer(self, typed: str) -> list[str]:
        if typed.lstrip().startswith("/"):
            return await self._commands.answer(typed)
        if is_typed_share(typed):
            return [await self._trades.take_share(typed)]
        number = _NUMBER.fullmatch(typed.strip())
        button = None if number is None else self._buttons.find(int(number[0]))
        said = STALE_BUTTON if button is None else await self._carry_out(button)
        return [] if said is None else [said]

    async def _carry_out(self, button: Button) -> str | None:
        if button.action is Action.WHY:
            return explain_signal(await self._use_cases.find_signal(button.subject))
        if button.action is Action.CHART:
            return await self._save_chart(button.subject)
        if button.action in _SETTLING:
            return await self._settle(button)
        return await self._trades.press(button)

    async def _settle(self, button: Button) -> str:
        arrived = button.action is Action.ARRIVED
        await self._use_cases.resolve_delivery(button.subject, arrived=arrived)
        return MARKED_ARRIVED if arrived else RESEND_QUEUED

    async def _save_chart(self, signal_id: int) -> str:
        data = await self._use_cases.chart_data(signal_id)
        return await self._pictures.keep(str(signal_id), partial(draw_chart, data))

    def _say(self, markup: str) -> None:
        self._console.print(to_rich(markup), soft_wrap=True)


_MOST_LINES = 100


class TerminalReader:
    """Reads lines from a terminal without blocking the loop; does nothing where there is none."""

    def __init__(self, stdin: TextIO, presses: TerminalPresses) -> None:
        self._stdin = stdin
        self._presses = presses

    async def run(self) -> None:
        """Until the input ends or the task is cancelled."""
        if not self._stdin.isatty():
            return
        loop = asyncio.get_running_loop()
        lines: asyncio.Queue[str] = asyncio.Queue(_MOST_LINES)
        loop.add_reader(self._stdin, self._read_line, lines)
        try:
            while line := await lines.get():
                if line.strip():
                    await self._presses.press(line)
        finally:
            loop.remove_reader(self._stdin)

    def _read_line(self, lines: asyncio.Queue[str]) -> None:
        """Nobody types faster than lines are answered; what a paste has too many of is dropped."""
        line = self._stdin.readline()
        if not lines.full():
            lines.put_nowait(line)
