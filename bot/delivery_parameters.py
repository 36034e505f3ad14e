"""How fast messages leave, and how long a failed one waits. All in wall seconds."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryParameters(Parameters):
    """Telegram's published limits on sending (edits count as sends), and our back-off."""

    chat_interval: float = parameter(
        1.0,
        doc="time between messages to one chat",
        unit="wall seconds",
        source="Telegram's FAQ for bots: 1 message per second in a chat",
        low=0,
        high=60,
    )
    chat_burst: int = parameter(
        3,
        doc="messages to one chat that may leave at once",
        unit="messages",
        source="Telegram's FAQ for bots: short bursts are allowed",
        low=1,
        high=10,
    )
    group_per_minute: int = parameter(
        20,
        doc="messages to one channel or group within any minute",
        unit="messages",
        source="Telegram's FAQ for bots: 20 per minute in a group",
        low=1,
        high=1_000_000,
    )
    overall_interval: float = parameter(
        1 / 30,
        doc="time between messages to all chats",
        unit="wall seconds",
        source="Telegram's FAQ for bots: 30 per second in all",
        low=0,
        high=1,
    )
    first_back_off: float = parameter(
        1.0,
        doc="pause after the first failed connection; it doubles with every further one",
        unit="wall seconds",
        source="as for every stream: 1, 2, 4 ... 30 s",
        low=0,
        high=30,
    )
    longest_back_off: float = parameter(
        30.0,
        doc="longest pause after failed connections",
        unit="wall seconds",
        source="as for every stream: 1, 2, 4 ... 30 s",
        low=0,
        high=600,
    )

    def back_off(self, attempts: int) -> float:
        """Pause after that many attempts at one message."""
        # The exponent is bounded so that a long outage does not overflow a float.
        return min(self.longest_back_off, self.first_back_off * 2.0 ** min(attempts - 1, 30))
