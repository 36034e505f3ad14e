"""The one-time code by which the first admin pairs, printed where only the operator reads."""

import secrets  # noqa: TID251 - app owns randomness

from rich.console import Console

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without look-alikes, for people who type it on a phone."""

_LENGTH = 8


class PairingCode:
    """A fresh code, announced only where there is no admin yet."""

    def __init__(self, console: Console) -> None:
        self.code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        self._console = console

    def announce(self) -> None:
        """Print the code and what to do with it."""
        self._console.print(
            f"No admin yet. Send [bold]/start {self.code}[/bold] to your bot in a private chat to "
            "become one. The code works once, until the bot stops."
        )
