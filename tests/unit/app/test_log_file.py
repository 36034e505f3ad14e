"""The log as a file: bounded, of one process alone, and never a reason to stop."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.log_file import LogFile, open_log_file
from domain.errors import ConfigurationError

FULL = Path("/dev/full")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log" / "quorum.log"


@pytest.fixture
def file(path: Path) -> Iterator[LogFile]:
    opened = open_log_file(path, megabytes=0.001, files=3)
    assert opened is not None
    yield opened
    opened.close()


def _line(text: str, at: float = 0.0) -> logging.LogRecord:
    record = logging.LogRecord("app", logging.INFO, "", 0, text, None, None)
    record.created = at
    return record


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def test_the_folder_is_made_and_lines_are_appended(path: Path, file: LogFile) -> None:
    file.handle(_line("one"))
    file.handle(_line("two"))

    assert _lines(path) == ["one", "two"]


def test_no_more_than_so_many_files_of_that_size_are_kept(path: Path, file: LogFile) -> None:
    for number in range(200):
        file.handle(_line(f"{number:099d}"))

    files = sorted(path.parent.glob("quorum.log*"))
    assert [each.name for each in files if each.stat().st_size] == [
        "quorum.log",
        "quorum.log.1",
        "quorum.log.2",
    ]
    assert all(each.stat().st_size <= 1000 for each in files)
    assert int(_lines(path)[-1]) == 199


def test_a_line_that_was_cut_off_is_not_joined_to_the_next(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("whole\nhal")

    file = open_log_file(path, megabytes=1, files=2)
    assert file is not None
    file.handle(_line("next"))
    file.close()

    assert _lines(path) == ["whole", "hal", "next"]


@pytest.mark.parametrize("place", ["/proc/quorum.log", "/dev/null/quorum.log", "a folder"])
def test_a_file_that_cannot_be_opened_is_refused_with_the_mend(tmp_path: Path, place: str) -> None:
    (tmp_path / "a folder").mkdir()

    with pytest.raises(ConfigurationError, match=r"LOG_FILE: .* can't be written: .*; give"):
        open_log_file(tmp_path / place, megabytes=1, files=2)


def test_a_file_that_another_process_writes_is_left_to_it(path: Path, file: LogFile) -> None:
    program = (
        "from pathlib import Path; from app.log_file import open_log_file; "
        f"print(open_log_file(Path({str(path)!r}), megabytes=1, files=2))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout == b"None\n"
    file.close()
    again = open_log_file(path, megabytes=1, files=2)
    assert again is not None
    again.close()


def test_a_full_disk_is_told_once_and_the_file_goes_on_when_there_is_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "quorum.log"
    path.symlink_to(FULL)
    file = open_log_file(path, megabytes=1, files=2)
    assert file is not None

    for second in (0.0, 30.0, 61.0, 90.0, 122.0):
        file.handle(_line("lost", second))
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "log file not written, standard error goes on"
    ]
    assert "No space left on device" in caplog.text
    path.unlink()
    file.handle(_line("too soon", 130.0))
    file.handle(_line("kept", 190.0))
    file.handle(_line("kept too", 190.0))
    file.close()

    assert _lines(path) == ["kept", "kept too"]
    assert "written again" in caplog.text
    assert len(caplog.records) == 2


def test_a_clock_that_was_set_back_does_not_silence_the_file(tmp_path: Path) -> None:
    path = tmp_path / "quorum.log"
    path.symlink_to(FULL)
    file = open_log_file(path, megabytes=1, files=2)
    assert file is not None

    file.handle(_line("lost", 10_000.0))
    path.unlink()
    file.handle(_line("kept", 5_000.0))
    file.close()

    assert _lines(path) == ["kept"]


def test_a_file_that_cannot_be_turned_over_stays_within_its_size(
    path: Path, file: LogFile, caplog: pytest.LogCaptureFixture
) -> None:
    (path.parent / "quorum.log.1").mkdir()
    (path.parent / "quorum.log.1" / "in the way").touch()
    (path.parent / "quorum.log.2").mkdir()
    (path.parent / "quorum.log.2" / "in the way").touch()

    for number in range(100):
        file.handle(_line("x" * 99, float(61 * number)))

    assert path.stat().st_size <= 1000
    assert len(caplog.records) == 1


def test_lines_stay_json_however_often_the_file_is_turned_over(path: Path, file: LogFile) -> None:
    for number in range(50):
        file.handle(_line(json.dumps({"number": number, "text": "é\n"})))

    assert all(json.loads(line)["text"] == "é\n" for line in _lines(path))
