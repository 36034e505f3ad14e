"""One pipeline for all events: exchange time, one format, no secrets."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from app.log_file import open_log_file
from app.log_thread import InBackground
from app.logging import configure_logging
from app.settings.sections import LoggingSettings

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _former_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    for ours in set(root.handlers) - set(handlers):
        ours.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def _configured(stream: io.StringIO, **settings: Any) -> io.StringIO:
    configure_logging(
        LoggingSettings(**settings), now=lambda: NOON, secrets=["hush-hush"], stream=stream
    )
    return stream


def _events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_our_events_are_json_with_exchange_time_off_a_terminal() -> None:
    stream = _configured(io.StringIO())

    with structlog.contextvars.bound_contextvars(pair="BTCUSDT"):
        structlog.get_logger("engine.scan").info("scan done", pairs=40)

    assert _events(stream) == [
        {
            "event": "scan done",
            "pairs": 40,
            "pair": "BTCUSDT",
            "level": "info",
            "logger": "engine.scan",
            "timestamp": "2026-01-05T12:00:00.000Z",
        }
    ]


def test_events_of_libraries_take_the_same_way() -> None:
    stream = _configured(io.StringIO())

    logging.getLogger("sqlalchemy.engine").warning("pool of %d is used up", 5)

    assert _events(stream) == [
        {
            "event": "pool of 5 is used up",
            "level": "warning",
            "logger": "sqlalchemy.engine",
            "timestamp": "2026-01-05T12:00:00.000Z",
        }
    ]


def test_a_terminal_gets_lines_for_people() -> None:
    stream = _configured(Terminal())

    structlog.get_logger("engine.scan").info("scan done", pairs=40)

    assert "scan done" in stream.getvalue()
    assert "{" not in stream.getvalue()


def test_the_format_can_be_forced_either_way() -> None:
    people, machines = _configured(io.StringIO(), format="console"), Terminal()
    structlog.get_logger().info("hello")
    _configured(machines, format="json")
    structlog.get_logger().info("hello")

    assert not people.getvalue().startswith("{")
    assert _events(machines)[0]["event"] == "hello"


def test_what_is_below_the_level_is_left_out() -> None:
    stream = _configured(io.StringIO(), level="warning")

    structlog.get_logger().info("not worth a line")
    logging.getLogger("lib").info("nor this")

    assert stream.getvalue() == ""


def test_chatty_libraries_are_heard_from_warnings_on() -> None:
    stream = _configured(io.StringIO(), level="debug")

    for name in ("apscheduler.executors.default", "aiohttp.access", "aiogram.event", "ccxt.base"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("news")

    assert [event["event"] for event in _events(stream)] == ["news"] * 4


def test_an_area_is_heard_at_its_own_level() -> None:
    stream = _configured(io.StringIO(), level="warning,engine.scan=debug,sqlalchemy=error")

    structlog.get_logger("engine.scan").debug("looked at")
    structlog.get_logger("engine.close").info("not worth a line")
    logging.getLogger("sqlalchemy.pool").warning("nor this")

    assert [event["event"] for event in _events(stream)] == ["looked at"]
    logging.getLogger("engine.scan").setLevel(logging.NOTSET)
    logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)


def test_a_file_holds_the_same_lines_as_json(tmp_path: Path) -> None:
    path = tmp_path / "log" / "quorum.log"
    people = _configured(Terminal(), file=path)

    structlog.get_logger().info("hello", key="hush-hush")
    logging.getLogger().handlers[-1].flush()

    assert "hello" in people.getvalue()
    [event] = [json.loads(line) for line in path.read_text().splitlines()]
    assert (event["event"], event["key"]) == ("hello", "***")


def test_a_file_of_another_process_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "quorum.log"
    held = open_log_file(path, megabytes=1, files=2)
    assert held is not None

    stream = _configured(io.StringIO(), file=path)

    assert "another process" in _events(stream)[0]["event"]
    held.close()


def test_standard_error_is_written_by_a_thread(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LoggingSettings(), now=lambda: NOON)

    structlog.get_logger().info("hello")

    ours = logging.getLogger().handlers[-1]
    assert isinstance(ours, InBackground)
    ours.flush()
    assert json.loads(capsys.readouterr().err)["event"] == "hello"


@given(st.text(), st.text())
def test_foreign_text_stays_within_its_json_line(event: str, value: str) -> None:
    stream = _configured(io.StringIO())

    logging.getLogger("lib").error("%s", event)
    structlog.get_logger().error("refused", reason=value, deep=[{"reason": value}])

    first, second = stream.getvalue().splitlines()
    assert json.loads(first)["level"] == json.loads(second)["level"] == "error"


_FORGED = "no\n2026-01-05T12:00:00.000Z [info     ] all is well\x1b[2J\r\x85\u2028over"


def test_foreign_text_forges_no_line_for_people() -> None:
    stream = _configured(io.StringIO(), format="console")

    logging.getLogger("lib").error("%s", _FORGED)
    structlog.get_logger().error("refused", reason=_FORGED, deep=[_FORGED])

    assert len(stream.getvalue().splitlines()) == 2
    assert stream.getvalue().replace("\n", "").isprintable()


@pytest.mark.parametrize("form", ["json", "console"])
def test_foreign_text_in_a_traceback_forges_no_line(form: str) -> None:
    stream = _configured(io.StringIO(), format=form)

    structlog.get_logger().error("failed", exc_info=ValueError(_FORGED))

    _, *below = stream.getvalue().splitlines()
    assert bool(below) is (form == "console")
    assert all(line.startswith("    ") for line in below)
    assert "\x1b" not in stream.getvalue()


def test_a_broken_log_call_of_a_library_is_one_line_without_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stream = _configured(io.StringIO())
    root = logging.getLogger()
    root.handlers[:] = root.handlers[-1:]  # the test runner's own raise for such a call

    logging.getLogger("lib").error("%d tries with %s", "many", "hidden-argument")

    [event] = _events(stream)
    assert (event["logger"], event["level"]) == ("lib", "error")
    assert "test_logging.py" in event["event"]
    assert "TypeError" in event["event"]
    assert "hidden-argument" not in stream.getvalue() + capsys.readouterr().err


def test_a_crashed_thread_is_logged_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    threading.excepthook = threading.__excepthook__
    stream = _configured(io.StringIO())

    def crash() -> None:
        raise ValueError(TOKEN)

    thread = threading.Thread(target=crash, name="worker")
    thread.start()
    thread.join()

    assert _events(stream)[0]["event"] == "thread worker crashed"
    _assert_clean(stream)
    assert capsys.readouterr().err == ""


def test_an_error_that_nobody_can_catch_is_logged_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sys.unraisablehook = sys.__unraisablehook__
    stream = _configured(io.StringIO())

    class Broken:
        def __del__(self) -> None:
            raise ValueError(TOKEN)

    Broken()

    assert "ValueError" in _events(stream)[0]["exception"]
    _assert_clean(stream)
    assert capsys.readouterr().err == ""


def test_configuring_again_replaces_the_former_pipeline() -> None:
    first, second = _configured(io.StringIO()), _configured(io.StringIO())

    structlog.get_logger().info("once")

    assert first.getvalue() == ""
    assert len(_events(second)) == 1


@pytest.mark.parametrize("form", ["json", "console"])
def test_secrets_are_cut_out_of_every_part_of_an_event(form: str) -> None:
    stream = _configured(io.StringIO(), format=form)

    structlog.get_logger().info(f"with {TOKEN}", key="hush-hush", deep={"key": ["hush-hush"]})
    logging.getLogger("lib").error("with %s", "hush-hush")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("postgresql://q:hush-hush@db/q", stacklevel=1)

    assert stream.getvalue().count("***") >= 5
    _assert_clean(stream)


@pytest.mark.parametrize("form", ["json", "console"])
def test_tracebacks_have_neither_secrets_nor_local_variables(form: str) -> None:
    stream = _configured(io.StringIO(), format=form)

    def fail(local_variable: str) -> None:
        raise ValueError(f"refused: {TOKEN}")

    private = "-".join(["of", "nobody's", "business"])
    try:
        try:
            fail(private)
        except ValueError as error:
            raise RuntimeError("hush-hush") from error
    except RuntimeError:
        structlog.get_logger().exception("task crashed")
        logging.getLogger("lib").exception("library crashed")

    assert "Traceback" in stream.getvalue()
    assert private not in stream.getvalue()
    _assert_clean(stream)


async def test_a_failed_call_of_the_bot_api_does_not_tell_the_token() -> None:
    stream = _configured(io.StringIO())
    address = f"http://127.0.0.1:1/bot{TOKEN}/getUpdates"

    async with aiohttp.ClientSession() as session:
        try:
            await session.get(address)
        except aiohttp.ClientError:
            logging.getLogger("aiogram.dispatcher").exception("no answer from %s", address)

    assert "getUpdates" in stream.getvalue()
    _assert_clean(stream)


async def test_a_failed_connection_does_not_tell_the_database_password(tmp_path: Any) -> None:
    stream = _configured(io.StringIO())
    engine = create_async_engine("postgresql+asyncpg://q:hush-hush@127.0.0.1:1/q")

    try:
        async with engine.connect():
            pass
    except (OSError, OperationalError):
        logging.getLogger("db").exception("cannot connect with %s", "q:hush-hush@127.0.0.1")
    await engine.dispose()

    assert "cannot connect" in stream.getvalue()
    _assert_clean(stream)


async def test_what_dies_in_the_event_loop_is_logged_without_secrets() -> None:
    stream = _configured(io.StringIO())

    asyncio.get_running_loop().call_exception_handler(
        {"message": "task died", "exception": ValueError(TOKEN)}
    )

    assert _events(stream)[0]["level"] == "error"
    _assert_clean(stream)


def test_the_last_crash_of_the_process_is_logged_without_secrets() -> None:
    stream = _configured(io.StringIO())

    sys.excepthook(ValueError, ValueError(TOKEN), None)

    assert _events(stream)[0]["level"] == "critical"
    _assert_clean(stream)


def test_an_interrupt_from_the_keyboard_is_no_crash() -> None:
    stream = _configured(io.StringIO())

    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert stream.getvalue() == ""


def _assert_clean(stream: io.StringIO) -> None:
    assert TOKEN not in stream.getvalue()
    assert "hush-hush" not in stream.getvalue()
