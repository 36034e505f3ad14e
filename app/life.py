"""Where the bot is between its start and its end."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Life:
    """`waited_until` is the monotonic second until which the start waited for the exchange."""

    ready: asyncio.Event = field(default_factory=asyncio.Event)
    is_stopping: bool = False
    waited_until: float | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it does its work."""
        return self.ready.is_set() and not self.is_stopping
