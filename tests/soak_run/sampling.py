"""The bot's process from outside: memory, processor, threads, open files, every few seconds."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_KILOBYTE = 1024
_NANOSECONDS = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look. `at` is a monotonic second.

    `cpu_seconds` and `starved_seconds`, in which the main thread was ready and had no core, count
    from the start of the process.
    """

    at: float
    run: int
    rss_kb: int
    uss_kb: int
    cpu_seconds: float
    starved_seconds: float
    threads: int
    files: int


@dataclass(slots=True)
class Sampler:
    """Looks at one process after the other; each restart begins a new `run`."""

    samples: list[Sample] = field(default_factory=list)
    run: int = -1

    async def watch(self, pid: int, every_seconds: float) -> None:
        """Look until the process has gone, or until cancelled."""
        self.run += 1
        process = psutil.Process(pid)
        while True:
            try:
                if process.status() == psutil.STATUS_ZOMBIE:
                    return
                self.samples.append(self._look(process))
            except (psutil.Error, OSError):
                return
            await asyncio.sleep(every_seconds)

    def _look(self, process: psutil.Process) -> Sample:
        with process.oneshot():
            memory, times = process.memory_full_info(), process.cpu_times()
            return Sample(
                at=time.monotonic(),
                run=self.run,
                rss_kb=memory.rss // _KILOBYTE,
                uss_kb=memory.uss // _KILOBYTE,
                cpu_seconds=times.user + times.system,
                starved_seconds=_starved_seconds(process.pid),
                threads=process.num_threads(),
                files=process.num_fds(),
            )


def _starved_seconds(pid: int) -> float:
    """Second field of the kernel's schedstat: time spent waiting on a run queue."""
    _, waited, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(waited) / _NANOSECONDS
