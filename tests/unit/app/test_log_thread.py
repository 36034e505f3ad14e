"""Lines are written by a thread: whoever logs waits for no disk and no pipe."""

import gc
import io
import logging
import os
import threading
from collections.abc import Iterator

import pytest

from app.log_thread import InBackground


class Gate(logging.Handler):
    """A sink that hangs until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = threading.Event()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.opened.wait()
        self.lines.append(record.getMessage())


@pytest.fixture
def gate() -> Iterator[Gate]:
    hanging = Gate()
    yield hanging
    hanging.opened.set()


def _line(text: str) -> logging.LogRecord:
    return logging.LogRecord("app", logging.INFO, "", 0, text, None, None)


def test_lines_are_written_in_order() -> None:
    out = io.StringIO()
    handler = InBackground(logging.StreamHandler(out))

    for number in range(1000):
        handler.handle(_line(str(number)))
    handler.flush()

    assert out.getvalue().split() == [str(number) for number in range(1000)]
    handler.close()


def test_a_pipe_that_nobody_empties_holds_nobody_up() -> None:
    reading, writing = os.pipe()
    stuffed = os.fdopen(writing, "w")
    handler = InBackground(logging.StreamHandler(stuffed))

    for _ in range(2000):  # 2 MB; a pipe holds 64 kB
        handler.handle(_line("x" * 1000))

    with os.fdopen(reading) as emptied:
        for _ in range(2000):
            assert emptied.readline() == "x" * 1000 + "\n"
        handler.close()
        stuffed.close()


def test_lines_beyond_the_bound_are_counted_and_told_of(gate: Gate) -> None:
    handler = InBackground(gate, waiting=10)

    for number in range(100):
        handler.handle(_line(str(number)))
    gate.opened.set()
    handler.flush()
    handler.handle(_line("later"))
    handler.flush()

    kept = [line for line in gate.lines if line.isdigit()]
    assert kept == [str(number) for number in range(len(kept))]
    assert gate.lines[len(kept) :] == [
        f"{100 - len(kept)} log lines are lost: they came faster than they could be written",
        "later",
    ]
    handler.close()


def test_the_last_lines_are_written_at_the_end() -> None:
    out = io.StringIO()
    handler = InBackground(logging.StreamHandler(out))

    handler.handle(_line("last words"))
    handler.close()

    assert out.getvalue() == "last words\n"


def test_the_end_waits_a_moment_only_for_a_sink_that_hangs(gate: Gate) -> None:
    handler = InBackground(gate, waiting=1)
    for _ in range(3):
        handler.handle(_line("stuck"))

    handler.flush()
    handler.close()

    assert gate.lines == []


def test_a_handler_that_is_dropped_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    handler = InBackground(logging.StreamHandler(io.StringIO()))
    [thread] = set(threading.enumerate()) - before

    del handler
    gc.collect()
    thread.join(5.0)

    assert not thread.is_alive()
