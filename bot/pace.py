"""How fast messages may leave: Telegram's published limits, kept before they are enforced on us.

Sends and edits share the limits. All times are wall seconds of a monotonic clock.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.delivery_parameters import DeliveryParameters
from domain.messages import CHANNEL

_MINUTE: Final = 60.0


class Rate(Protocol):
    """One limit on a stream of messages."""

    def delay(self, now: float) -> float:
        """Seconds until the next message conforms; 0 when it does now."""

    def take(self, now: float) -> None:
        """Count a message that leaves now."""


@dataclass(slots=True)
class CellRate:
    """A generic cell rate limiter: one message per `interval`, up to `burst` of them early."""

    interval: float
    burst: int
    _due: float = field(default=float("-inf"), init=False)

    def delay(self, now: float) -> float:
        """Seconds until the next message conforms; 0 when it does now."""
        return max(0.0, self._due - (self.burst - 1) * self.interval - now)

    def take(self, now: float) -> None:
        """Count a message that leaves now."""
        self._due = max(self._due, now) + self.interval


class WindowRate:
    """At most `count` messages within any window of `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._sent: deque[float] = deque(maxlen=count)

    def delay(self, now: float) -> float:
        """Seconds until the next message conforms; 0 when it does now."""
        if len(self._sent) < (self._sent.maxlen or 0):
            return 0.0
        return max(0.0, self._sent[0] + self._seconds - now)

    def take(self, now: float) -> None:
        """Count a message that leaves now."""
        self._sent.append(now)


class Pace:
    """Keeps the limits per chat and overall, and the pauses that were asked for."""

    def __init__(self, parameters: DeliveryParameters) -> None:
        self._parameters = parameters
        self._overall = CellRate(parameters.overall_interval, burst=1)
        self._chats: dict[str, list[Rate]] = {}
        self._paused_until: dict[str, float] = {}

    def delay(self, recipient: str, now: float) -> float:
        """Seconds until a message to a recipient may leave."""
        paused = self._paused_until.get(recipient, now) - now
        return max(0.0, paused, *(rate.delay(now) for rate in self._rates(recipient)))

    def take(self, recipient: str, now: float) -> None:
        """Count a message that leaves now."""
        for rate in self._rates(recipient):
            rate.take(now)

    def pause(self, recipient: str, until: float) -> None:
        """Send nothing to a recipient before an instant."""
        self._paused_until[recipient] = until

    def _rates(self, recipient: str) -> list[Rate]:
        if recipient not in self._chats:
            self._chats[recipient] = self._new_rates(recipient)
        return self._chats[recipient]

    def _new_rates(self, recipient: str) -> list[Rate]:
        limits = self._parameters
        rates: list[Rate] = [self._overall, CellRate(limits.chat_interval, limits.chat_burst)]
        if is_group(recipient):
            rates.append(WindowRate(limits.group_per_minute, _MINUTE))
        return rates


def is_group(recipient: str) -> bool:
    """Whether many people read there: the channel, or a chat with a negative id."""
    return recipient == CHANNEL or recipient.startswith("-")
