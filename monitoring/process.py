"""What the process takes of its machine, by psutil."""

from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from engine.monitoring.values import ProcessReading
from monitoring.memory_limit import memory_limit_bytes


def process_start_seconds() -> float:
    """Unix time at which the own process was started, by this machine's clock."""
    return psutil.Process().create_time()


class ProcessMeter:
    """Reads the own process and the disks that hold `data_paths`: told is the fullest of them.

    The limit of memory is read once: it does not change while the process lives.
    """

    def __init__(self, *, monotonic: Callable[[], float], data_paths: Sequence[Path]) -> None:
        self._monotonic = monotonic
        self._data_paths = tuple(data_paths)
        self._process = psutil.Process()
        self._memory_limit = memory_limit_bytes(psutil.virtual_memory().total)
        self._read_at = monotonic()
        self._cpu_seconds = self._total_cpu_seconds()

    def read(self, loop_lag_seconds: float, stalls: int, started_at: float) -> ProcessReading:
        """The process now; `started_at` is a monotonic second.

        The share of a core is that since the last reading, or since the meter was made.
        """
        disks = (psutil.disk_usage(str(_existing(path))) for path in self._data_paths)
        disk = min(disks, key=lambda each: each.free)
        with self._process.oneshot():
            return ProcessReading(
                memory_bytes=self._process.memory_info().rss,
                memory_limit_bytes=self._memory_limit,
                cpu_share=self._cpu_share(),
                threads=self._process.num_threads(),
                open_files=self._process.num_fds(),
                disk_free_bytes=disk.free,
                disk_total_bytes=disk.total,
                loop_lag_seconds=loop_lag_seconds,
                stalls=stalls,
                uptime_seconds=self._monotonic() - started_at,
            )

    def _cpu_share(self) -> float:
        """CPU seconds by wall seconds since the last call; 0 when no time has passed."""
        now, used = self._monotonic(), self._total_cpu_seconds()
        wall, cpu = now - self._read_at, used - self._cpu_seconds
        self._read_at, self._cpu_seconds = now, used
        return cpu / wall if wall > 0 else 0.0

    def _total_cpu_seconds(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists: it is on the same disk."""
    path = path.resolve()
    while not path.exists():
        path = path.parent
    return path
