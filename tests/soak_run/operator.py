"""The operator of a soak: knows what has arrived, and answers what the bot is in doubt about."""

import asyncio
import html
import re
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.telegram_server import Journal, Message, SimulatedUser

_LOOK_SECONDS = 0.5
_SETTLED_SECONDS = 3.0
"""So long a message may still come after the bot has asked about it."""

_PRESS_AGAIN_SECONDS = 8.0
_QUESTION = "Did this message arrive?"
_TAG = re.compile(r"<[^>]*>")


@dataclass(slots=True, kw_only=True)
class Operator:
    """Answers each question once the chats have come to rest. A press may have to be repeated."""

    user: SimulatedUser
    journal: Journal
    answers: Counter[str] = field(default_factory=Counter)
    _pressed: dict[int, float] = field(default_factory=dict)
    _seen: int = 0
    _open: list[Message] = field(default_factory=list)

    async def run(self) -> None:
        """Look and answer until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for question in self._questions():
                await self._answer(question)

    @property
    def is_asked(self) -> bool:
        """Whether a question waits for its answer."""
        return bool(self._questions())

    def _questions(self) -> list[Message]:
        """Questions that nobody has answered yet."""
        transcript = self.user.chat.transcript
        new, self._seen = transcript[self._seen :], len(transcript)
        self._open += [one for one in new if one.by_bot and _QUESTION in one.text]
        self._open = [one for one in self._open if one.keyboard]
        return list(self._open)

    async def _answer(self, question: Message) -> None:
        now = time.monotonic()
        is_settled = now - question.revisions[0].at >= _SETTLED_SECONDS
        pressed_at = self._pressed.get(question.id)
        is_due = pressed_at is None or now - pressed_at >= _PRESS_AGAIN_SECONDS
        if not (is_settled and is_due):
            return
        label = "It is there" if self._is_there(question) else "Resend"
        if pressed_at is None:
            self.answers[label] += 1
        self._pressed[question.id] = now
        await self.user.press(self.user.chat, question.id, label)

    def _is_there(self, question: Message) -> bool:
        """Whether the newest send that begins like the one asked about was carried out."""
        words = question.text.partition("Telegram: ")[2].partition("\n")[0].rstrip("…")
        for call in reversed(list(self.journal)):
            if call.method == "sendMessage" and _plain(call.call.text("text")).startswith(words):
                return call.is_carried_out
        return False


def _plain(text: str | None) -> str:
    """Words as a chat shows them, on one line."""
    return " ".join(html.unescape(_TAG.sub("", text or "")).split())
