"""A reading of the running bot in lines: what is well takes few words, what is not stands out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.presenters.figures import count, duration, percent
from bot.presenters.markup import quote
from bot.presenters.page import Line
from bot.presenters.status_report import ago
from bot.presenters.wording import sentence
from domain.counting import many
from engine.monitoring.values import (
    ClockReading,
    Finding,
    HealthReading,
    JobReading,
    ProcessReading,
    StoreReading,
    StreamReading,
    TaskReading,
    TelegramReading,
)

_NAME_UNITS: Final = 40
_MEGABYTE: Final = 1e6
_GIGABYTE: Final = 1e9


def reading_lines(reading: HealthReading, standing: Sequence[Finding]) -> list[Line]:
    """Streams, exchange, database, Telegram, jobs, tasks, process and machine.

    A job or task among the troubles that stand is counted here, not named a second time.
    """
    told = frozenset(finding.subject for finding in standing)
    return [
        *_stream_lines(reading.streams),
        Line(_exchange(reading)),
        Line(f"🗄 {_store(reading.database)} · cache: {_store(reading.cache)}"),
        Line(_telegram(reading.telegram, reading.at)),
        *_job_lines(reading, told),
        *_task_lines(reading.tasks, told),
        Line(_process(reading.process)),
        Line(_machine(reading.process)),
    ]


def size(number: float) -> str:
    """Bytes: "412 MB", "21.3 GB"."""
    if number < _GIGABYTE:
        return f"{number / _MEGABYTE:.0f} MB"
    return f"{number / _GIGABYTE:.1f} GB"


def _stream_lines(streams: Sequence[StreamReading]) -> list[Line]:
    kinds = dict.fromkeys(stream.kind for stream in streams)
    if not kinds:
        return [Line("🔌 No pair is streamed")]
    return [Line(_kind(kind, [one for one in streams if one.kind == kind])) for kind in kinds]


def _kind(kind: str, streams: Sequence[StreamReading]) -> str:
    silent = [stream for stream in streams if stream.age_seconds is None]
    ages = [
        (stream.age_seconds, stream.symbol) for stream in streams if stream.age_seconds is not None
    ]
    parts = [f"🔌 {quote(kind, _NAME_UNITS)}: {many(len(streams), 'pair')}"]
    if ages:
        age, symbol = max(ages)
        parts.append(f"oldest {duration(age)} ({quote(symbol, _NAME_UNITS)})")
    if silent:
        parts.append(f"❗ {count(len(silent))} without any message")
    return ", ".join(parts)


def _exchange(reading: HealthReading) -> str:
    rest = reading.rest
    share = 100 * rest.weight_used / rest.weight_allowed if rest.weight_allowed > 0 else 0.0
    parts = [f"🌐 Request weight {percent(share)} of what is allowed"]
    if rest.silent_seconds > 0:
        parts.append(f"❗ silent for {duration(rest.silent_seconds)} more")
    return " · ".join([*parts, _clock(reading.clock)])


def _clock(clock: ClockReading) -> str:
    if clock.age_seconds is None:
        return "❗ clock never measured"
    age = f", measured {duration(clock.age_seconds)} ago"
    if clock.skew_seconds is None:
        return f"the clock is a simulated venue's{age}"
    side = "ahead" if clock.skew_seconds >= 0 else "behind"
    return f"clock {abs(clock.skew_seconds):.2f} s {side}{age}"


def _store(store: StoreReading) -> str:
    name = quote(store.name, _NAME_UNITS)
    if store.error is not None:
        return f"❗ {name} away: {sentence(store.error)}"
    return name if store.milliseconds is None else f"{name} {store.milliseconds:.0f} ms"


def _telegram(telegram: TelegramReading, now: datetime) -> str:
    if telegram.is_terminal:
        return "✈️ No Telegram: messages go to the terminal"
    last = telegram.last_good_at
    good = "has never answered" if last is None else f"answered {ago(last, now)}"
    if not telegram.failures:
        return f"✈️ Telegram {good}"
    reason = f": {sentence(telegram.last_error)}" if telegram.last_error else ""
    return f"✈️ Telegram {good} · ❗ {count(telegram.failures)} failed since{reason}"


def _job_lines(reading: HealthReading, told: frozenset[str]) -> list[Line]:
    odd = [job for job in reading.jobs if job.failures or f"job {job.name}" in told]
    tail = f", {count(len(odd))} not" if odd else ""
    return [
        Line(f"⏱ Jobs: {count(len(reading.jobs) - len(odd))} on time{tail}"),
        *(Line(_job(job, reading.at), 1) for job in odd if f"job {job.name}" not in told),
    ]


def _job(job: JobReading, now: datetime) -> str:
    last = job.last_run_at
    ran = "never ran" if last is None else f"ran {ago(last, now)}"
    reason = f": {sentence(job.last_error)}" if job.last_error else ""
    return f"❗ {quote(job.name, _NAME_UNITS)} {ran}, {count(job.failures)} failed in a row{reason}"


def _task_lines(tasks: Sequence[TaskReading], told: frozenset[str]) -> list[Line]:
    resting = [task for task in tasks if not task.is_running]
    crashes = sum(task.crashes for task in tasks)
    crashed = f", {many(crashes, 'crash', 'crashes')} since the start" if crashes else ""
    return [
        Line(f"🧵 Tasks: {count(len(tasks) - len(resting))} running{crashed}"),
        *(Line(_resting(task), 1) for task in resting if f"task {task.name}" not in told),
    ]


def _resting(task: TaskReading) -> str:
    reason = f": {sentence(task.last_error)}" if task.last_error else ""
    return f"❗ {quote(task.name, _NAME_UNITS)} is not running{reason}"


def _process(process: ProcessReading) -> str:
    cpu = percent(100 * process.cpu_share)
    stalls = f", {many(process.stalls, 'stall')}" if process.stalls else ""
    lag = f"lag {1000 * process.loop_lag_seconds:.0f} ms{stalls}"
    return f"⚙️ Up {duration(process.uptime_seconds)} · CPU {cpu} of a core · {lag}"


def _machine(process: ProcessReading) -> str:
    memory = f"{size(process.memory_bytes)} of {size(process.memory_limit_bytes)} memory"
    disk = f"{size(process.disk_free_bytes)} of {size(process.disk_total_bytes)} disk free"
    return f"💾 {memory} · {disk} · {many(process.open_files, 'file')}"
