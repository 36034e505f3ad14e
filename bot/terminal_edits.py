"""Edits on a terminal: each is one line, where a message stands and what is new in it."""

from collections.abc import Sequence
from typing import Final

from bot.presenters.markup import render_plain
from domain.messages import CHANNEL, OutgoingMessage

_MOST_REMEMBERED: Final = 500
"""Older messages are forgotten; an edit of one is told as if all of it were new."""

_SIGNS: Final = (("✅", "🏁", "✋", "⛔", "⚠️"), ("⏳",), ("🎯",))
"""What the lines of a trade's card begin with: done, being done, and waiting for the market."""


class EditLines:
    """Remembers what messages said, to tell an edit by what has changed."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._told: dict[int, str] = {}

    def remember(self, message: OutgoingMessage, message_id: int) -> None:
        """Take down what a message says now."""
        self._texts[message_id] = render_plain(message.text)
        self._texts.pop(message_id - _MOST_REMEMBERED, None)
        self._told.pop(message_id - _MOST_REMEMBERED, None)

    def tell(self, message: OutgoingMessage, message_id: int) -> str | None:
        """The line for an edit; None where it would repeat the last one of this message."""
        before = self._texts.get(message_id, "").split("\n")
        self.remember(message, message_id)
        line = _line(message, before)
        if self._told.get(message_id) == line:
            return None
        self._told[message_id] = line
        return line


def _line(message: OutgoingMessage, before: Sequence[str]) -> str:
    lines = render_plain(message.text).split("\n")
    headline, status, reference = lines[0], lines[1], lines[-1].split(" ")[0]
    if message.recipient == CHANNEL:
        return f"↻ {reference} {headline.split(' · ')[0]} │ {status}"
    newest = _newest([line for line in lines[2:-1] if line not in before])
    return " │ ".join(filter(None, (f"↻ {reference} {headline}", status, newest)))


def _newest(added: Sequence[str]) -> str:
    """The last line of a card that tells of something done, else of what is under way."""
    for signs in _SIGNS:
        for line in reversed(added):
            if line.startswith(signs):
                return line
    return ""
