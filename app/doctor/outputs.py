"""Looks at where a start writes to and listens besides its database: log file, channels, health.

Changes nothing, and gets in the way of no bot that runs.
"""

import socket
from collections.abc import Iterator
from typing import Final

from app.doctor.check import CheckResult, failure, ok, warning
from app.log_file import check_log_file
from app.settings import Settings
from app.settings.sections import LoggingSettings, MonitoringSettings
from domain.errors import ConfigurationError
from monitoring.apprise_notifier import AppriseNotifier

_LOG: Final = "log file"
_CHANNELS: Final = "other channels"
_HEALTH: Final = "health server"


def examine_outputs(settings: Settings) -> list[CheckResult]:
    """One line about each of them that is set."""
    return [
        *_examine_log_file(settings.logging),
        *_examine_channels(settings.monitoring),
        *_examine_address(settings.monitoring),
    ]


def _examine_log_file(logging: LoggingSettings) -> Iterator[CheckResult]:
    if logging.file is None:
        return
    try:
        check_log_file(logging.file)
        yield ok(_LOG, f"{logging.file} can be written to")
    except ConfigurationError as error:
        yield failure(_LOG, str(error), "mend LOG_FILE: the start is refused like this")


def _examine_channels(monitoring: MonitoringSettings) -> Iterator[CheckResult]:
    if not monitoring.notify_urls:
        return
    try:
        AppriseNotifier([url.get_secret_value() for url in monitoring.notify_urls])
        yield ok(_CHANNELS, f"addresses that are understood: {len(monitoring.notify_urls)}")
    except ConfigurationError as error:
        yield failure(_CHANNELS, str(error), "mend NOTIFY_URLS: the start is refused like this")


def _examine_address(monitoring: MonitoringSettings) -> Iterator[CheckResult]:
    if not monitoring.port:
        return
    try:
        _listen_on_any_port(monitoring.host)
        yield ok(_HEALTH, f"{monitoring.host} can be listened on")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        yield warning(
            _HEALTH,
            f"{monitoring.host} can't be listened on ({reason}): /healthz, /readyz and /metrics "
            "are not served",
            "set MONITORING_HOST to an address of this machine, or MONITORING_PORT=0",
        )


def _listen_on_any_port(host: str) -> None:
    """Raise unless one of the host's addresses can be; the bot's own port may be in use by it."""
    trouble: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM):
        try:
            with socket.socket(family, kind, protocol) as listener:
                listener.bind(address)
        except OSError as error:
            trouble = error
        else:
            return
    if trouble is not None:
        raise trouble
