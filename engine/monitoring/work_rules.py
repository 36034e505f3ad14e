"""Rules about what the bot does all day: jobs, tasks, accounts, feeds, health over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from domain.counting import many
from domain.feeds import FeedState
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.rule import (
    Rule,
    begun_seconds,
    critical,
    has_started,
    is_starting,
    mention,
    warning,
)
from engine.monitoring.values import (
    Finding,
    HealthReading,
    JobReading,
    Notice,
    Severity,
    TaskReading,
)
from engine.monitoring.wording import cut, some_of, span

_JOB_MEND: Final = 'The next run comes by itself. Runbook "A job fails or is late".'
_TASK_MEND: Final = (
    "It is started again by itself; six crashes within five minutes end the process. "
    'Runbook "A task crashes".'
)
_BOT: Final = "bot"
_ENDING_MEND: Final = (
    "Whatever supervises the process starts it again. Look for task failed for good in the log "
    '(runbook "The bot has ended").'
)
_SUDDEN_END_MEND: Final = (
    "It runs again: positions are compared with the exchange, signals followed from where they "
    'stood. The system\'s log may name who ended it (runbook "The bot has ended").'
)
_SERVER_MEND: Final = (
    "The bot goes on without /healthz, /readyz and /metrics until it is started again "
    '(runbook "Alerts").'
)
_SILENT: Final = (FeedState.FAILING, FeedState.RESTING)


def _jobs(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    """Failures go before lateness: a job that fails is named once."""
    for job in reading.jobs:
        subject = f"job {job.name}"
        if job.failures >= parameters.job_failures:
            yield warning(
                subject,
                f"failed {many(job.failures, 'time')} in a row: {cut(job.last_error)}",
                _JOB_MEND,
            )
        elif (silent := _silent_seconds(job, reading)) > _allowed(job, parameters):
            due = f"due every {span(job.period_seconds)}"
            yield warning(subject, f"has not run for {span(silent)}, {due}", _JOB_MEND)
        elif job.lateness_seconds > parameters.job_seconds:
            late = span(job.lateness_seconds)
            yield warning(subject, f"the last run began {late} late", _JOB_MEND)


def _silent_seconds(job: JobReading, reading: HealthReading) -> float:
    """Wall seconds since its last run; where there was none, since the start asked the exchange.

    Almost all jobs are planned when the exchange has answered.
    """
    uptime = reading.process.uptime_seconds
    if job.last_run_at is None:
        return begun_seconds(reading)
    return min(uptime, (reading.at - job.last_run_at).total_seconds() / reading.speed)


def _is_job_known(subject: str, reading: HealthReading, parameters: HealthParameters) -> bool:
    """After a restart a job has proved nothing before it went well; it may not even be planned."""
    for job in reading.jobs:
        if subject == f"job {job.name}":
            return job.last_good_at is not None
    return not is_starting(reading, parameters)


def _allowed(job: JobReading, parameters: HealthParameters) -> float:
    return job.period_seconds * parameters.job_periods + parameters.job_seconds


def _missed(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    missed = [job for job in reading.jobs if job.missed >= parameters.missed_runs]
    if missed:
        most = sorted(missed, key=lambda job: job.missed, reverse=True)
        runs = some_of([f"{job.name} {job.missed}" for job in most])
        yield mention("missed runs", f"left out since the start: {runs}", _JOB_MEND)


def _tasks(reading: HealthReading, _parameters: HealthParameters) -> Iterator[Finding]:
    for task in reading.tasks:
        if not task.is_running:
            yield warning(f"task {task.name}", _crashed(task), _TASK_MEND)


def _crashed(task: TaskReading) -> str:
    if not task.crashes:
        return "is not running"
    times = many(task.crashes, "time")
    return (
        f"task {task.name} crashed {times} since the start, is not running: {cut(task.last_error)}"
    )


def crash_notice(name: str, error: str, at: datetime) -> Notice:
    """A task has crashed just now: the beginning of what the reading tells, minutes before it."""
    return Notice(
        subject=f"task {name}",
        severity=Severity.WARNING,
        text=f"crashed: {cut(error)}",
        at=at,
        mend=_TASK_MEND,
    )


def ending_notice(reason: str, at: datetime) -> Notice:
    """The process is about to end, because something failed for good."""
    return Notice(
        subject=_BOT,
        severity=Severity.CRITICAL,
        text=f"ends: {cut(reason)}",
        at=at,
        mend=_ENDING_MEND,
    )


def sudden_end_notice(seen_at: datetime, at: datetime) -> Notice:
    """The process before this one is gone and did not say so: it was killed, or its machine was."""
    return Notice(
        subject=_BOT,
        severity=Severity.CRITICAL,
        text=(
            "ended without a word before this start, last seen at "
            f"{seen_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        ),
        at=at,
        mend=_SUDDEN_END_MEND,
    )


def _runs(_reading: HealthReading, _parameters: HealthParameters) -> Iterator[Finding]:
    """A bot that reads its own health has not ended: only the end of that can be shown."""
    return iter(())


def _server(reading: HealthReading, _parameters: HealthParameters) -> Iterator[Finding]:
    """Nobody tries again before the next start, so there is nothing to confirm."""
    if reading.unserved is not None:
        yield warning("health server", reading.unserved, _SERVER_MEND, is_certain=True)


def _accounts(reading: HealthReading, parameters: HealthParameters) -> Iterator[Finding]:
    """At the start an account is halted until it was compared with the exchange."""
    if is_starting(reading, parameters):
        return
    for halted in reading.halted_accounts:
        name, _, reason = halted.partition(": ")
        yield critical(
            f"account {name}",
            f"nothing new is executed: {cut(reason.removeprefix(f'{name}: '))}",
            'Stops at the exchange stand. Doctor, line account (runbook "An account is halted").',
        )


def _feeds(reading: HealthReading, _parameters: HealthParameters) -> Iterator[Finding]:
    silent = [feed for feed in reading.feeds if feed.state in _SILENT]
    if silent:
        named = some_of([f"{feed.provider} ({cut(feed.reason)})" for feed in silent])
        yield mention(
            "feeds",
            f"{len(silent)} of {many(len(reading.feeds), 'provider')} "
            f"{'does' if len(silent) == 1 else 'do'} not answer: {named}",
            'Their layers go on without them (runbook "A provider fails or is silent").',
        )


WORK_RULES: Final = (
    Rule(subject=_BOT, look=_runs, can_judge=has_started),
    Rule(subject="account", look=_accounts, can_judge=has_started),
    Rule(subject="task", look=_tasks, can_judge=has_started),
    Rule(subject="job", look=_jobs, can_judge=_is_job_known),
    Rule(subject="missed runs", look=_missed),
    Rule(subject="feeds", look=_feeds),
    Rule(subject="health server", look=_server),
)
