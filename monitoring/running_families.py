"""How the bot itself runs: jobs, tasks, the event loop, the process and its machine."""

from typing import Final

from engine.monitoring.values import HealthReading
from monitoring.family import Family, Rows, single, timestamp


def _last_runs(reading: HealthReading) -> Rows:
    return [((job.name,), timestamp(job.last_run_at)) for job in reading.jobs]


def _last_successes(reading: HealthReading) -> Rows:
    return [((job.name,), timestamp(job.last_good_at)) for job in reading.jobs]


JOB_FAMILIES: Final = (
    Family(
        name="quorum_job_last_run_timestamp_seconds",
        text="Exchange time of a job's last run.",
        labels=("job_name",),
        rows=_last_runs,
    ),
    Family(
        name="quorum_job_last_success_timestamp_seconds",
        text="Exchange time of a job's last run that went well.",
        labels=("job_name",),
        rows=_last_successes,
    ),
    Family(
        name="quorum_job_period_seconds",
        text="Time between two runs of a job, as planned.",
        labels=("job_name",),
        rows=lambda reading: [((job.name,), job.period_seconds) for job in reading.jobs],
    ),
    Family(
        name="quorum_job_lateness_seconds",
        text="How late a job's last run began.",
        labels=("job_name",),
        rows=lambda reading: [((job.name,), job.lateness_seconds) for job in reading.jobs],
    ),
    Family(
        name="quorum_job_consecutive_failures",
        text="Runs of a job that failed since one went well.",
        labels=("job_name",),
        rows=lambda reading: [((job.name,), job.failures) for job in reading.jobs],
    ),
    Family(
        name="quorum_job_missed_runs_total",
        text="Runs of a job that were left out since the start.",
        labels=("job_name",),
        rows=lambda reading: [((job.name,), job.missed) for job in reading.jobs],
        is_counter=True,
    ),
)

TASK_FAMILIES: Final = (
    Family(
        name="quorum_task_running",
        text="1 while a task runs, 0 while it waits to be started again or has failed.",
        labels=("task",),
        rows=lambda reading: [((task.name,), task.is_running) for task in reading.tasks],
    ),
    Family(
        name="quorum_task_crashes_total",
        text="Crashes of a task since the start.",
        labels=("task",),
        rows=lambda reading: [((task.name,), task.crashes) for task in reading.tasks],
        is_counter=True,
    ),
)

PROCESS_FAMILIES: Final = (
    single(
        "quorum_process_resident_memory_bytes",
        "Memory the process holds.",
        lambda reading: reading.process.memory_bytes,
    ),
    single(
        "quorum_process_memory_limit_bytes",
        "Memory the process may hold: the limit of its container, or all of the machine's.",
        lambda reading: reading.process.memory_limit_bytes,
    ),
    single(
        "quorum_process_cpu_ratio",
        "Share of one core that the process used between the last two readings.",
        lambda reading: reading.process.cpu_share,
    ),
    single(
        "quorum_process_threads",
        "Threads of the process.",
        lambda reading: reading.process.threads,
    ),
    single(
        "quorum_process_open_files",
        "Files and sockets the process has open.",
        lambda reading: reading.process.open_files,
    ),
    single(
        "quorum_process_uptime_seconds",
        "Time since the process was started.",
        lambda reading: reading.process.uptime_seconds,
    ),
    single(
        "quorum_disk_free_bytes",
        "Space left on the disk that holds the data.",
        lambda reading: reading.process.disk_free_bytes,
    ),
    single(
        "quorum_disk_size_bytes",
        "Size of the disk that holds the data.",
        lambda reading: reading.process.disk_total_bytes,
    ),
    single(
        "quorum_event_loop_lag_seconds",
        "The longest time the event loop was late since the last reading in turn.",
        lambda reading: reading.process.loop_lag_seconds,
    ),
    Family(
        name="quorum_event_loop_stalls_total",
        text="Times the event loop stood still for longer than is allowed, since the start.",
        rows=lambda reading: [((), reading.process.stalls)],
        is_counter=True,
    ),
)

RUNNING_FAMILIES: Final = (*JOB_FAMILIES, *TASK_FAMILIES, *PROCESS_FAMILIES)
