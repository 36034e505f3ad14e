"""Rules about the process and its machine: memory, processor, event loop, files, disk."""

from collections.abc import Iterator
from typing import Final

from domain.counting import many
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.rule import Rule, critical, warning
from engine.monitoring.values import Finding, HealthReading
from engine.monitoring.wording import megabytes, span

_GIGABYTE: Final = 1e9


def _memory(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    process = reading.process
    if process.memory_limit_bytes <= 0:
        return
    share = process.memory_bytes / process.memory_limit_bytes
    if share < parameters.memory_share:
        return
    make = critical if share >= parameters.memory_critical_share else warning
    yield make(
        "memory",
        f"{share:.0%} used: {megabytes(process.memory_bytes)} of "
        f"{megabytes(process.memory_limit_bytes)}",
        'A restart is safe at any moment; give it more or watch fewer pairs (runbook "Memory").',
    )


def _processor(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    if reading.process.cpu_share >= parameters.cpu_share:
        yield warning(
            "cpu",
            f"{reading.process.cpu_share:.0%} of one core used since the last reading",
            "Lower scanner.maximum_pairs or give it a faster core "
            '(runbook "The machine is too slow").',
        )


def _loop(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    process = reading.process
    if process.loop_lag_seconds >= parameters.lag_seconds:
        yield warning(
            "event loop",
            f"stood still for {process.loop_lag_seconds:.1f} s; "
            f"{many(process.stalls, 'stall')} since the start",
            "Look for event loop stalled in the log, it names the place "
            '(runbook "The machine is too slow").',
            is_certain=True,  # each reading tells of a time of its own: the next cannot confirm it
        )


def _files(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    if reading.process.open_files >= parameters.open_files:
        yield warning(
            "open files",
            f"{reading.process.open_files} files and sockets, "
            f"running for {span(reading.process.uptime_seconds)}",
            "Restart before the limit (ulimit -n) is reached, and send a bug report "
            '(runbook "Open files").',
        )


def _disk(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    process = reading.process
    if process.disk_free_bytes >= parameters.disk_gigabytes * _GIGABYTE:
        return
    is_full = process.disk_free_bytes < parameters.disk_critical_gigabytes * _GIGABYTE
    make = critical if is_full else warning
    yield make(
        "disk",
        f"{megabytes(process.disk_free_bytes)} of {megabytes(process.disk_total_bytes)} free",
        'Make room, or move the data to a larger disk (runbook "Disk").',
    )


MACHINE_RULES: Final = (
    Rule(subject="disk", look=_disk),
    Rule(subject="memory", look=_memory),
    Rule(subject="event loop", look=_loop),
    Rule(subject="cpu", look=_processor),
    Rule(subject="open files", look=_files),
)
