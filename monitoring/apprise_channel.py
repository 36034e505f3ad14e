"""One address of another channel, opened and used through Apprise. No text here names it."""

import logging
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.errors import ConfigurationError

if TYPE_CHECKING:
    from apprise import Apprise, AppriseResult

_TALKATIVE: Final = ("apprise", "urllib3")
"""Loggers that name whole addresses, in which the password or the token stands."""

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HTTP_STATUS: Final = re.compile(r"\berror=(\d{3})\b")
"""How Apprise words an answer that is not a success."""

_STEPS: Final = 4
"""Steps of a talk with a server that patience is shared among; a mail takes more, quick ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """A channel by the scheme of its address ("discord", "mailtos")."""

    scheme: str
    patience_seconds: float
    _sender: "Apprise"

    async def send(self, *, title: str, body: str, kind: str) -> str | None:
        """Send a plain text; None when it was taken, else why not, in words without the address.

        `kind` is Apprise's: info, success, warning or failure.
        """
        result = await self._sender.async_notify(
            title=title, body=body, notify_type=kind, body_format="text"
        )
        return None if result else self._reason(result)

    def _reason(self, result: "AppriseResult") -> str:
        if result.status.name == "TIMEOUT":
            return f"no answer within {self.patience_seconds:g} s"
        told = " ".join(entry.message for entry in result.logs())
        status = _HTTP_STATUS.search(told)
        return f"answered with HTTP status {status[1]}" if status else "not reached, or it refused"


def open_channel(address: str, *, position: int, patience_seconds: float) -> AppriseChannel:
    """Open the channel of an address, the one at `position` (from 1) among the settings'.

    Raises `ConfigurationError` when Apprise does not understand it.
    """
    # Imported only by those who have other channels: it takes some 40 MB and half a second.
    from apprise import Apprise, AppriseAsset, OverflowMode

    _silence()
    asset = AppriseAsset(
        app_id="Quorum",
        app_desc="Quorum",
        service_timeout=patience_seconds,
        timezone="UTC",
        storage_mode="memory",
        pgp_autogen=False,
        pem_autogen=False,
    )
    with warnings.catch_warnings():
        # The first address loads every plugin, and one of them a module that Python will drop.
        warnings.simplefilter("ignore", DeprecationWarning)
        service = Apprise.instantiate(address, asset=asset)
    if service is None:
        raise _misunderstood(address, position)
    service.overflow_mode = OverflowMode.SPLIT  # a long text is sent in parts, never refused
    # Apprise sends in threads, and the end of the process waits for them.
    service.socket_connect_timeout = service.socket_read_timeout = patience_seconds / _STEPS
    sender = Apprise(service, asset=asset)
    return AppriseChannel(
        scheme=sender.urls(privacy=True)[0].partition("://")[0],
        patience_seconds=patience_seconds,
        _sender=sender,
    )


def _silence() -> None:
    """Let nothing of these loggers into the log. Apprise itself still hears its warnings."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _misunderstood(address: str, position: int) -> ConfigurationError:
    scheme = _SCHEME.match(address)
    written = f"begins with {scheme[0]}" if scheme else "does not begin with a scheme and ://"
    return ConfigurationError(
        f"NOTIFY_URLS: address {position}, which {written}, is not one that Apprise understands. "
        "docs/monitoring.md shows how addresses are written; in a password @ / : and a space are "
        "written as %40 %2F %3A %20."
    )
