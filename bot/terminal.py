"""The terminal as a messenger: the same messages where there is no Telegram token."""

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.presenters.markup import render_plain
from bot.terminal_buttons import TerminalButtons
from bot.terminal_edits import EditLines
from bot.terminal_operator import TERMINAL_OPERATOR_ID
from bot.terminal_text import colour_of, to_rich
from domain.messages import CHANNEL, OutgoingMessage


class TerminalMessenger:
    """Fulfils `bot.messenger.Messenger`; never fails.

    New posts are panels, replies are indented, edits are one line that says what has changed.
    Where the console is no terminal, everything is plain text. A `rich` live display on the same
    console stays below.
    """

    def __init__(self, console: Console, buttons: TerminalButtons) -> None:
        self._console = console
        self._buttons = buttons
        self._edits = EditLines()
        self._sent = 0

    async def send(self, message: OutgoingMessage, *, reply_to: int | None) -> int:
        """Print a message; its number counts up from 1."""
        self._sent += 1
        self._edits.remember(message, self._sent)
        choices = self._buttons.offer(message.buttons)
        if reply_to is not None:
            self._print_reply(message)
        elif self._console.is_terminal:
            self._print_panel(message, choices)
        else:
            self._print_plain(message, choices)
        return self._sent

    async def edit(self, message: OutgoingMessage, message_id: int) -> None:
        """Print where the message stands and what is new in it; nothing where that was said."""
        line = self._edits.tell(message, message_id)
        if line is not None:
            status = render_plain(message.text).split("\n")[1]
            self._console.print(Text(line, style=f"dim {colour_of(status)}"), soft_wrap=True)

    async def check(self) -> None:
        """It is always there."""

    def _print_panel(self, message: OutgoingMessage, choices: str) -> None:
        panel = Panel(
            to_rich(message.text),
            title=Text(_place(message), style="dim"),
            title_align="left",
            subtitle=Text(choices) if choices else None,
            subtitle_align="left",
            border_style=colour_of(render_plain(message.text)),
            expand=False,
        )
        self._console.print(panel)

    def _print_plain(self, message: OutgoingMessage, choices: str) -> None:
        lines = (f"--- {_place(message)}", render_plain(message.text), choices)
        text = "\n".join(line for line in lines if line)
        self._console.print(Text(text), soft_wrap=True)
        self._console.print()

    def _print_reply(self, message: OutgoingMessage) -> None:
        text = to_rich(message.text)
        colour = colour_of(render_plain(message.text).partition("\n")[2])
        for number, line in enumerate(text.split("\n")):
            mark = "  ↳ " if number == 0 else "    "
            self._console.print(Text(mark, style=colour) + line, soft_wrap=True)


def _place(message: OutgoingMessage) -> str:
    if message.recipient == str(TERMINAL_OPERATOR_ID):
        return "private chat with you"
    return "channel" if message.recipient == CHANNEL else f"private chat {message.recipient}"
