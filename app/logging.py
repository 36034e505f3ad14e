"""The log: one pipeline for our own events and for those of every library, without secrets.

Lines for people on a terminal, JSON everywhere else. The timestamp is exchange time.
"""

import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import Processor

from app.log_file import open_log_file
from app.log_lines import LineFormatter, Now, before_rendering, console_lines, json_lines
from app.log_thread import InBackground
from app.redaction import Redactor
from app.settings.sections import LoggingSettings

_log = logging.getLogger(__name__)


def configure_logging(
    settings: LoggingSettings,
    *,
    now: Now,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> Redactor:
    """Send everything through one pipeline to standard error, and to a file where one is set.

    `now` gives the timestamps, `secrets` are cut out of every line, tracebacks included. A
    `stream` in place of standard error has each line at once. May be called again, for another
    clock or other secrets. The redactor that comes back can learn more of them. Raises
    `ConfigurationError` where the file can't be written.
    """
    redactor = Redactor(secrets)
    before = before_rendering(now)
    _remove_former()
    sinks = _sinks(settings, stream)
    for handler, rendering in sinks:
        handler.setFormatter(LineFormatter(before, rendering, redactor))
        logging.getLogger().addHandler(handler)
    for name, level in settings.level.by_logger().items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    _hear_last_words()
    if settings.file is not None and len(sinks) == 1:
        _log.warning("log file is another process's, standard error goes on: %s", settings.file)
    return redactor


def _remove_former() -> None:
    root = logging.getLogger()
    for former in list(root.handlers):
        if isinstance(former.formatter, LineFormatter):
            root.removeHandler(former)
            former.close()


def _sinks(
    settings: LoggingSettings, stream: TextIO | None
) -> list[tuple[logging.Handler, list[Processor]]]:
    """Where lines go, and in which form each wants them."""
    target = sys.stderr if stream is None else stream
    as_console = settings.format == "console" or (settings.format == "auto" and target.isatty())
    form = console_lines(colours=target.isatty()) if as_console else json_lines()
    shown: logging.Handler = logging.StreamHandler(target)
    sinks = [(InBackground(shown) if stream is None else shown, form)]
    if settings.file is not None:
        file = open_log_file(settings.file, megabytes=settings.megabytes, files=settings.files)
        sinks += [(InBackground(file), json_lines())] if file else []
    return sinks


def _hear_last_words() -> None:
    """What Python itself would print to standard error takes the same way as everything else."""
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_crash
    # Somebody else's hooks, a debugger's or a test runner's, stay.
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _log_thread_crash
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _log_unraisable


def _log_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("app").critical("crashed", exc_info=(kind, error, trace))


def _log_thread_crash(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_value is None or issubclass(crash.exc_type, SystemExit):
        return
    name = crash.thread.name if crash.thread else "unknown"
    error = (crash.exc_type, crash.exc_value, crash.exc_traceback)
    _log.error("thread %s crashed", name, exc_info=error)


def _log_unraisable(failure: "sys.UnraisableHookArgs") -> None:
    if failure.exc_value is None:
        return
    error = (failure.exc_type, failure.exc_value, failure.exc_traceback)
    # The object itself is not shown: its repr may hold anything.
    _log.error("%s: %s", failure.err_msg or "ignored", type(failure.object), exc_info=error)
