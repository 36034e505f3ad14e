import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitoring.process import ProcessMeter


class Stopwatch:
    """A monotonic second that the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def _burn_cpu(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_the_process_and_its_disk_are_read(tmp_path: Path) -> None:
    meter = ProcessMeter(monotonic=Stopwatch(), data_paths=[tmp_path])

    reading = meter.read(0.02, 3, started_at=40.0)

    assert 10_000_000 < reading.memory_bytes < reading.memory_limit_bytes
    assert reading.threads >= 1
    assert reading.open_files >= 3
    assert 0 < reading.disk_free_bytes <= reading.disk_total_bytes
    assert (reading.loop_lag_seconds, reading.stalls) == (0.02, 3)
    assert reading.uptime_seconds == 60.0


def test_the_share_of_a_core_is_that_since_the_last_reading(tmp_path: Path) -> None:
    watch = Stopwatch()
    meter = ProcessMeter(monotonic=watch, data_paths=[tmp_path])
    _burn_cpu(0.15)
    watch.seconds += 1.0

    busy = meter.read(0.0, 0, started_at=0.0).cpu_share
    watch.seconds += 1.0
    idle = meter.read(0.0, 0, started_at=0.0).cpu_share

    assert busy > 0.1  # the system counts in hundredths of a second
    assert 0.0 <= idle < busy / 4


def test_two_readings_at_the_same_instant_divide_by_nothing(tmp_path: Path) -> None:
    meter = ProcessMeter(monotonic=Stopwatch(), data_paths=[tmp_path])

    assert meter.read(0.0, 0, started_at=0.0).cpu_share == 0.0


def test_files_and_threads_that_are_opened_are_seen(tmp_path: Path) -> None:
    meter = ProcessMeter(monotonic=Stopwatch(), data_paths=[tmp_path])
    before = meter.read(0.0, 0, started_at=0.0)
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)

    with (tmp_path / "open").open("w"):
        thread.start()
        during = meter.read(0.0, 0, started_at=0.0)
        ended.set()
        thread.join()

    assert during.open_files == before.open_files + 1
    assert during.threads == before.threads + 1


def test_of_several_disks_the_one_with_the_least_room_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database lies is not where everything else does."""
    rooms = {"var": (900, 1000), "data": (20, 50)}

    def usage(path: str) -> SimpleNamespace:
        free, total = rooms[Path(path).name]
        return SimpleNamespace(free=free, total=total)

    folders = [tmp_path / name for name in rooms]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr("monitoring.process.psutil.disk_usage", usage)

    for paths in (folders, folders[::-1]):
        reading = ProcessMeter(monotonic=Stopwatch(), data_paths=paths).read(0.0, 0, 0.0)
        assert (reading.disk_free_bytes, reading.disk_total_bytes) == (20, 50)


def test_data_that_is_not_there_yet_is_on_the_disk_of_the_folder_above(tmp_path: Path) -> None:
    here = ProcessMeter(monotonic=Stopwatch(), data_paths=[tmp_path])
    later = ProcessMeter(monotonic=Stopwatch(), data_paths=[tmp_path / "not" / "yet"])

    size = here.read(0.0, 0, started_at=0.0).disk_total_bytes

    assert later.read(0.0, 0, started_at=0.0).disk_total_bytes == size
