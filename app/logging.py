"""The log: one pipeline for our own events and for those of every library, without secrets.

Lines for people on a terminal, JSON everywhere else. The timestamp is exchange time.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor

from app.redaction import Redactor
from app.settings.sections import LoggingSettings

_QUIET_LIBRARIES = (
    "aiogram.event",  # a line for every update
    "aiohttp.access",  # addresses with the token in them
    "alembic.runtime.plugins",
    "apscheduler",  # two lines for every run of a job
    "asyncio",
    "ccxt",
    "httpcore",
    "httpx",  # whole addresses, keys included
    "urllib3",
)
"""Libraries of which only warnings are worth a line."""

Now = Callable[[], datetime]


def configure_logging(
    settings: LoggingSettings,
    *,
    now: Now,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send everything through one pipeline to `stream` (standard error unless told).

    `now` gives the timestamps, `secrets` are cut out of every line, tracebacks included. May be
    called again, for another clock or other secrets.
    """
    target = sys.stderr if stream is None else stream
    as_console = settings.format == "console" or (settings.format == "auto" and target.isatty())
    before = _before_rendering(now)
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        _RedactingFormatter(before, _renderer(as_console, target), Redactor(secrets))
    )
    _install(handler, settings.level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record and cuts the secrets out of the finished line, where none can hide."""

    def __init__(
        self, before: Sequence[Processor], rendering: Sequence[Processor], redact: Redactor
    ) -> None:
        meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        super().__init__(foreign_pre_chain=before, processors=[meta, *rendering])
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


def _before_rendering(now: Now) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _timestamps(now),
        structlog.processors.StackInfoRenderer(),
    ]


def _timestamps(now: Now) -> Processor:
    def stamp(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event

    return stamp


def _renderer(as_console: bool, target: TextIO) -> list[Processor]:
    if not as_console:
        # Tracebacks as plain text: structured ones would carry local variables.
        return [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=str),
        ]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=target.isatty(), exception_formatter=plain)]


def _install(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    for former in list(root.handlers):
        if isinstance(former.formatter, _RedactingFormatter):
            root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_crash


def _log_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("app").critical("crashed", exc_info=(kind, error, trace))
