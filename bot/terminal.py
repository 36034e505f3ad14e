"""The terminal as a messenger: the same messages where there is no Telegram token."""

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.presenters.markup import render_plain
from bot.terminal_buttons import TerminalButtons
from bot.terminal_text import colour_of, to_rich
from domain.messages import CHANNEL, OutgoingMessage


class TerminalMessenger:
    """Fulfils `bot.messenger.Messenger`; never fails.

    New posts are panels, replies are indented, edits are one line with the new status. Where the
    console is no terminal, everything is plain text. A `rich` live display on the same console
    stays below.
    """

    def __init__(self, console: Console, buttons: TerminalButtons) -> None:
        self._console = console
        self._buttons = buttons
        self._sent = 0

    async def send(self, message: OutgoingMessage, *, reply_to: int | None) -> int:
        """Print a message; its number counts up from 1."""
        self._sent += 1
        choices = self._buttons.offer(message.buttons)
        if reply_to is not None:
            self._print_reply(message)
        elif self._console.is_terminal:
            self._print_panel(message, choices)
        else:
            self._print_plain(message, choices)
        return self._sent

    async def edit(self, message: OutgoingMessage, message_id: int) -> None:  # noqa: ARG002
        """Print the head of the new text: what it is about, and where it stands now."""
        lines = render_plain(message.text).split("\n")
        subject, status, footer = lines[0].split(" · ")[0], lines[1], lines[-1]
        reference = footer.split(" ")[0]
        line = Text(f"↻ {reference} {subject} │ {status}", style=f"dim {colour_of(status)}")
        self._console.print(line, soft_wrap=True)

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
    return "channel" if message.recipient == CHANNEL else f"private chat {message.recipient}"
