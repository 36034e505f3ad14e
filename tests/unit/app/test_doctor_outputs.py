"""The doctor's look at what `run` opens besides the database: log file, channels, health."""

import io
import os
import socket
from pathlib import Path

import pytest
from rich.console import Console

from app.doctor import run_doctor
from app.doctor.check import CheckResult, Status
from app.doctor.outputs import examine_outputs
from app.log_file import open_log_file
from app.settings import load_settings


def examined(**environ: str) -> list[CheckResult]:
    return examine_outputs(load_settings({"MONITORING_PORT": "0", **environ}, env_file=None))


def everything_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder, with its bytes and the time of its last change."""
    return {
        str(path.relative_to(folder)): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
    }


def test_what_is_not_set_has_no_line() -> None:
    assert examined() == []


@pytest.mark.parametrize("place", ["quorum.log", "log/deeper/quorum.log"])
def test_a_log_file_that_is_not_there_yet_is_not_made(tmp_path: Path, place: str) -> None:
    (line,) = examined(LOG_FILE=str(tmp_path / place))

    assert line.status is Status.OK
    assert str(tmp_path / place) in line.detail
    assert everything_in(tmp_path) == {}


def test_a_log_file_that_is_there_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "quorum.log"
    path.write_text("whole\nhal")
    before = everything_in(tmp_path)

    (line,) = examined(LOG_FILE=str(path))

    assert line.status is Status.OK
    assert everything_in(tmp_path) == before


def test_the_log_file_of_a_bot_that_runs_is_in_order(tmp_path: Path) -> None:
    path = tmp_path / "quorum.log"
    file = open_log_file(path, megabytes=1, files=2)
    assert file is not None
    try:
        (line,) = examined(LOG_FILE=str(path))
    finally:
        file.close()

    assert line.status is Status.OK


@pytest.mark.parametrize(
    "place", ["/proc/x/log", "/dev/null/quorum.log", "a folder", "n" * 300, "/", "."]
)
def test_a_log_file_that_the_start_refuses_is_a_failure(tmp_path: Path, place: str) -> None:
    (tmp_path / "a folder").mkdir()
    before = everything_in(tmp_path)

    (line,) = examined(LOG_FILE=str(tmp_path / place))

    assert line.status is Status.FAILURE
    assert "can't be written" in line.detail
    assert "LOG_FILE" in line.mend
    assert everything_in(tmp_path) == before


def test_a_lock_that_cannot_be_taken_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "quorum.log.lock").mkdir()

    (line,) = examined(LOG_FILE=str(tmp_path / "quorum.log"))

    assert line.status is Status.FAILURE


def test_a_named_pipe_does_not_hold_the_doctor_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "quorum.log")

    (line,) = examined(LOG_FILE=str(tmp_path / "quorum.log"))

    assert line.name == "log file"


def test_other_channels_are_opened_and_counted() -> None:
    (line,) = examined(NOTIFY_URLS="json://ops.example.org/hook mailto://ada:pa55word@example.org")

    assert line.status is Status.OK
    assert line.detail == "addresses that are understood: 2"
    assert "pa55word" not in f"{line}"


@pytest.mark.parametrize("address", ["blah", "blah://hush-hush", "discord://hush-hush"])
def test_an_address_that_apprise_does_not_understand_is_a_failure(address: str) -> None:
    (line,) = examined(NOTIFY_URLS=f"json://ops.example.org {address}")

    assert line.status is Status.FAILURE
    assert "address 2" in line.detail
    assert "NOTIFY_URLS" in line.mend
    assert "hush" not in f"{line}"


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "300.0.0.1", "::g"])
def test_an_address_of_another_machine_is_a_warning(host: str) -> None:
    """The bot runs without its health server, and says so."""
    (line,) = examined(MONITORING_PORT="9464", MONITORING_HOST=host)

    assert line.status is Status.WARNING
    assert host in line.detail
    assert "MONITORING_HOST" in line.mend


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_an_address_of_this_machine_is_in_order_while_the_bot_listens_there(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (line,) = examined(MONITORING_PORT=str(port), MONITORING_HOST=host)

    assert line.status is Status.OK


@pytest.mark.parametrize(
    "wrong", [{"LOG_FILE": "/proc/x/log"}, {"NOTIFY_URLS": "blah"}], ids=["log file", "channel"]
)
async def test_what_the_start_refuses_is_refused_quickly_too(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/quorum.sqlite", **wrong}
    output = io.StringIO()

    code = await run_doctor(
        quick=True,
        load=lambda: load_settings(environ, env_file=None),
        console=Console(file=output, width=200),
    )

    assert code == 1
    assert "Ready" not in output.getvalue()
