"""Ways to tell operators something that do not lead through the database."""

from collections.abc import Sequence
from typing import Protocol

from engine.monitoring.values import Notice


class Notifier(Protocol):
    """Carries notices to e-mail, Discord, Slack and the like."""

    async def send(self, notices: Sequence[Notice]) -> None:
        """Send them as one message. Raises `NotifyingError` when no channel took it."""
