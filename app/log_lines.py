"""How an event becomes a line: for people or as JSON, in one line, without secrets.

Foreign text can't forge a line: what would end one, or move a terminal's cursor, is shown as an
escape. A traceback is part of its JSON line; for people it follows, indented.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from textwrap import indent
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from app.redaction import Redactor

Now = Callable[[], datetime]

_CONTROLS: Final = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_VISIBLE: Final = {code: repr(chr(code))[1:-1] for code in _CONTROLS}
_VISIBLE_BUT_LINES: Final = {
    code: text for code, text in _VISIBLE.items() if chr(code) not in "\n\t"
}
_OF_SEVERAL_LINES: Final = ("stack", "exception")


class LineFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record and cuts the secrets out of the finished line, where none can hide."""

    def __init__(
        self, before: Sequence[Processor], rendering: Sequence[Processor], redact: Redactor
    ) -> None:
        meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        super().__init__(foreign_pre_chain=before, processors=[meta, *rendering])
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, whatever the record is like."""
        try:
            return self._redact(super().format(record))
        except Exception as error:  # noqa: BLE001 - whatever a library's broken log call raises
            # The standard library would print the arguments, secrets included, to standard error.
            return self._redact(super().format(_about(record, error)))


def before_rendering(now: Now) -> list[Processor]:
    """What every event is given, ours and those of libraries: context, name, level, time."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _timestamps(now),
        structlog.processors.StackInfoRenderer(),
    ]


def json_lines() -> list[Processor]:
    """One JSON object, in ASCII, so that no line end can hide in it."""
    # Tracebacks as plain text: structured ones would carry local variables.
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(default=str),
    ]


def console_lines(*, colours: bool) -> list[Processor]:
    """A line to be read by people."""
    return [
        _show_controls,
        structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=_write_indented),
    ]


def _timestamps(now: Now) -> Processor:
    def stamp(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event

    return stamp


def _show_controls(_logger: object, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str) and name not in _OF_SEVERAL_LINES:
            event[name] = value.translate(_VISIBLE)
    return event


def _write_indented(out: TextIO, error: ExcInfo) -> None:
    text = structlog.processors.format_exc_info(None, "", {"exc_info": error})["exception"]
    out.write("\n" + indent(text.translate(_VISIBLE_BUT_LINES), "    ", lambda _: True))


def _about(record: logging.LogRecord, error: Exception) -> logging.LogRecord:
    """In place of a record that can't be rendered: where it came from and what is wrong with it."""
    return logging.LogRecord(
        name=record.name,
        level=logging.ERROR,
        pathname=record.pathname,
        lineno=record.lineno,
        msg="log call failed at %s:%d: %s",
        args=(record.pathname, record.lineno, type(error).__name__),
        exc_info=None,
    )
