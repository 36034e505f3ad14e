"""Writes the log in a thread of its own: a slow disk or a pipe that nobody empties stops nobody."""

import logging
import threading
import weakref
from contextlib import suppress
from logging.handlers import QueueHandler
from queue import Full, Queue
from typing import Final

_LINES_WAITING: Final = 10_000
"""Several megabytes; beyond that, lines are lost rather than memory."""

_LAST_SECONDS: Final = 1.0
"""How long the end of the process may wait for the last lines."""

Lines = Queue[logging.LogRecord | None]


class InBackground(QueueHandler):
    """Makes lines where they are logged, and leaves the writing of them to a thread.

    When the `sink` can't keep up, lines are dropped, counted, and told of once there is room.
    """

    def __init__(self, sink: logging.Handler, *, waiting: int = _LINES_WAITING) -> None:
        self._lines: Lines = Queue(waiting)
        super().__init__(self._lines)
        self._lost = 0
        self._thread = threading.Thread(
            target=_write, args=(self._lines, sink), name="log", daemon=True
        )
        self._thread.start()
        # A handler that is merely dropped must not leave its thread behind.
        self._end = weakref.finalize(self, _ask_to_end, self._lines)
        self._end.atexit = False  # logging's own exit closes it, after everybody's last words

    def enqueue(self, record: logging.LogRecord) -> None:
        """Leave a finished line to the thread."""
        try:
            if self._lost:
                self._lines.put_nowait(self.prepare(_about_lost(self._lost)))
                self._lost = 0
            self._lines.put_nowait(record)
        except Full:
            self._lost += 1

    def flush(self) -> None:
        """Wait until everything so far is written; a second at most."""
        with self._lines.all_tasks_done:
            self._lines.all_tasks_done.wait_for(
                lambda: not self._lines.unfinished_tasks, _LAST_SECONDS
            )

    def close(self) -> None:
        """Write what waits and close the sink; a second at most."""
        self._end()
        self._thread.join(_LAST_SECONDS)
        super().close()


def _write(lines: Lines, sink: logging.Handler) -> None:
    while (record := lines.get()) is not None:
        sink.handle(record)
        lines.task_done()
    sink.close()


def _ask_to_end(lines: Lines) -> None:
    with suppress(Full):  # it hangs: the thread ends with the process
        lines.put_nowait(None)


def _about_lost(count: int) -> logging.LogRecord:
    return logging.LogRecord(
        name=__name__,
        level=logging.WARNING,
        pathname=__file__,
        lineno=0,
        msg="%d log lines are lost: they came faster than they could be written",
        args=(count,),
        exc_info=None,
    )
