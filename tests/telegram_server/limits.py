"""Telegram's published send limits, for tests that want them enforced.

Sends and edits share them; answers to presses, pins and deletions are free.
"""

import math
from collections import deque
from dataclasses import dataclass

from tests.telegram_server.chats import Chat, ChatType
from tests.telegram_server.clock import ServerClock
from tests.telegram_server.refusals import RefusedError, too_many_requests

MINUTE_S = 60.0
SECOND_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a bot may send.

    Defaults from Telegram's FAQ for bots: about 1/s in a chat, 20/min in a group, 30/s in all.
    """

    chat_interval_s: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20
    overall_per_second: int = 30


class RateKeeper:
    """Counts sends and edits on the server's clock and refuses those over the limit.

    A refused call does not count.
    """

    def __init__(self, limits: Limits, clock: ServerClock) -> None:
        """Start with full allowances."""
        self._limits = limits
        self._clock = clock
        self._chat_sent: dict[int, deque[float]] = {}
        self._all_sent: deque[float] = deque(maxlen=limits.overall_per_second)
        self._free_at: dict[int, float] = {}

    def admit(self, chat: Chat) -> None:
        """Count one send or edit.

        Raises:
            RefusedError: 429 with the whole seconds until it would be admitted.
        """
        now = self._clock.monotonic()
        wait_s = max(self._chat_wait(chat, now), self._group_wait(chat, now), self._all_wait(now))
        if wait_s > 0:
            raise RefusedError(too_many_requests(max(1, math.ceil(wait_s))))
        self._free_at[chat.id] = max(now, self._free_at.get(chat.id, now)) + (
            self._limits.chat_interval_s
        )
        self._sent_in(chat).append(now)
        self._all_sent.append(now)

    def _chat_wait(self, chat: Chat, now: float) -> float:
        """Generic cell rate: a burst may run ahead of the even spacing by its size."""
        ahead_s = (self._limits.chat_burst - 1) * self._limits.chat_interval_s
        return self._free_at.get(chat.id, now) - ahead_s - now

    def _group_wait(self, chat: Chat, now: float) -> float:
        if chat.type is ChatType.PRIVATE:
            return 0.0
        return _window_wait(self._sent_in(chat), now, MINUTE_S)

    def _all_wait(self, now: float) -> float:
        return _window_wait(self._all_sent, now, SECOND_S)

    def _sent_in(self, chat: Chat) -> deque[float]:
        return self._chat_sent.setdefault(chat.id, deque(maxlen=self._limits.group_per_minute))


def _window_wait(sent: deque[float], now: float, window_s: float) -> float:
    """Return how long until the oldest of a full window falls out of it."""
    return sent[0] + window_s - now if len(sent) == sent.maxlen else 0.0
