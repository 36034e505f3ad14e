"""Tells operators by e-mail, Discord, Slack and whatever else Apprise knows."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from domain.errors import NotifyingError
from engine.monitoring.values import Notice, Severity
from monitoring.apprise_channel import AppriseChannel, open_channel
from monitoring.notice_texts import body_of, title_of, worst_of

_log = structlog.get_logger(__name__)

_PATIENCE_SECONDS: Final = 20.0
"""How long a channel may take; several times what a slow mail server needs."""

_KINDS: Final = {
    Severity.CRITICAL: "failure",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
    None: "success",
}
"""How Apprise calls a message, and so colours it."""


class AppriseNotifier:
    """Sends notices as one plain message to every address, all at the same time.

    Raises `ConfigurationError` for an address that makes no sense, by its scheme and position.
    """

    def __init__(self, urls: Sequence[str], *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._channels = tuple(
            open_channel(url, position=position, patience_seconds=patience_seconds)
            for position, url in enumerate(urls, start=1)
        )

    async def send(self, notices: Sequence[Notice]) -> None:
        """Send them as one message. Raises `NotifyingError` when no channel took it."""
        if not notices:
            return
        title, body, kind = title_of(notices), body_of(notices), _KINDS[worst_of(notices)]
        reasons = await asyncio.gather(
            *(channel.send(title=title, body=body, kind=kind) for channel in self._channels)
        )
        failed = [
            (channel, reason)
            for channel, reason in zip(self._channels, reasons, strict=True)
            if reason is not None
        ]
        if len(failed) == len(self._channels):
            raise _nobody_told(failed)
        for channel, reason in failed:
            _log.warning("channel took no notice", channel=channel.scheme, reason=reason)


def _nobody_told(failed: Sequence[tuple[AppriseChannel, str]]) -> NotifyingError:
    told = ", ".join(f"{channel.scheme}: {reason}" for channel, reason in failed)
    return NotifyingError(
        f"no channel of NOTIFY_URLS took a notice ({told}). Look at the addresses and at the "
        "services they lead to."
    )
