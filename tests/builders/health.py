"""Readings of the running bot, what is found in them, and what is told of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.feeds import FeedHealth
from engine.monitoring.digest_values import Counts, Digest, Machine
from engine.monitoring.values import (
    ClockReading,
    Finding,
    HealthReading,
    JobReading,
    LatencyStage,
    LatencySummary,
    Notice,
    ProcessReading,
    RestReading,
    Severity,
    StoreReading,
    StreamReading,
    TaskReading,
    TelegramReading,
)
from engine.ports.storage import DecisionCounts, OutboxDepth
from tests.fakes.clock import AFTERNOON

NOW = AFTERNOON + timedelta(minutes=5)
"""Five minutes after a close."""

PAIRS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "PEPEUSDT")
KINDS = ("candles", "book", "trades")

PROCESS = ProcessReading(
    memory_bytes=412_000_000,
    memory_limit_bytes=1_000_000_000,
    cpu_share=0.12,
    threads=14,
    open_files=61,
    disk_free_bytes=21_300_000_000,
    disk_total_bytes=40_000_000_000,
    loop_lag_seconds=0.031,
    stalls=0,
    uptime_seconds=273_600.0,
)


def make_streams(
    age_seconds: float | None = 2.0,
    *,
    kinds: Sequence[str] = KINDS,
    symbols: Sequence[str] = PAIRS,
) -> tuple[StreamReading, ...]:
    return tuple(
        StreamReading(symbol=symbol, kind=kind, age_seconds=age_seconds)
        for kind in kinds
        for symbol in symbols
    )


def make_job(
    name: str = "scan",
    *,
    period_seconds: float = 60.0,
    last_run_at: datetime | None = NOW - timedelta(seconds=20),
    lateness_seconds: float = 0.1,
    failures: int = 0,
    missed: int = 0,
    last_error: str | None = None,
) -> JobReading:
    return JobReading(
        name=name,
        period_seconds=period_seconds,
        last_run_at=last_run_at,
        last_good_at=last_run_at,
        lateness_seconds=lateness_seconds,
        failures=failures,
        missed=missed,
        last_error=last_error,
    )


def make_task(
    name: str = "delivery", *, crashes: int = 0, is_running: bool = True, error: str | None = None
) -> TaskReading:
    return TaskReading(name=name, crashes=crashes, is_running=is_running, last_error=error)


def make_telegram(
    *, failures: int = 0, good_minutes_ago: float | None = 0.1, is_terminal: bool = False
) -> TelegramReading:
    ago = good_minutes_ago
    return TelegramReading(
        is_terminal=is_terminal,
        last_good_at=None if ago is None else NOW - timedelta(minutes=ago),
        failures=failures,
        last_error="Cannot connect to host api.telegram.org:443" if failures else None,
    )


def make_outbox(
    *, pending: int = 0, oldest_minutes: float | None = None, unknown: int = 0, failed: int = 0
) -> OutboxDepth:
    age = oldest_minutes
    return OutboxDepth(
        pending=pending,
        oldest_at=None if age is None else NOW - timedelta(minutes=age),
        unknown=unknown,
        failed=failed,
    )


def make_reading(
    *,
    at: datetime = NOW,
    streams: Sequence[StreamReading] | None = None,
    rest: RestReading | None = None,
    clock: ClockReading | None = None,
    database: StoreReading | None = None,
    cache: StoreReading | None = None,
    outbox: OutboxDepth | None = None,
    telegram: TelegramReading | None = None,
    jobs: Sequence[JobReading] | None = None,
    tasks: Sequence[TaskReading] | None = None,
    process: ProcessReading = PROCESS,
    feeds: Sequence[FeedHealth] = (),
    halted_accounts: Sequence[str] = (),
    last_decision_at: datetime | None = AFTERNOON,
    is_paused: bool = False,
    pairs_watched: int = 4,
    pairs_ready: int = 4,
    speed: float = 1.0,
    unserved: str | None = None,
) -> HealthReading:
    """A bot that has run for three days and lacks nothing, but for what is said."""
    return HealthReading(
        at=at,
        streams=make_streams() if streams is None else tuple(streams),
        rest=rest or RestReading(weight_used=312.0, weight_allowed=2000.0, silent_seconds=0.0),
        clock=clock or ClockReading(skew_seconds=0.12, age_seconds=180.0),
        database=database or StoreReading(name="PostgreSQL", error=None, milliseconds=3.0),
        cache=cache or StoreReading(name="Redis", error=None, milliseconds=1.0),
        outbox=outbox or make_outbox(),
        telegram=telegram or make_telegram(),
        jobs=(make_job(), make_job("candle close", period_seconds=900.0))
        if jobs is None
        else tuple(jobs),
        tasks=(make_task(), make_task("telegram")) if tasks is None else tuple(tasks),
        process=process,
        feeds=tuple(feeds),
        halted_accounts=tuple(halted_accounts),
        last_decision_at=last_decision_at,
        last_signal_at=None,
        is_paused=is_paused,
        pairs_watched=pairs_watched,
        pairs_ready=pairs_ready,
        speed=speed,
        unserved=unserved,
    )


def make_young(reading: HealthReading, uptime_seconds: float = 30.0) -> HealthReading:
    """The same right after the start."""
    return replace(reading, process=replace(reading.process, uptime_seconds=uptime_seconds))


def make_finding(
    subject: str = "disk",
    severity: Severity = Severity.WARNING,
    *,
    text: str = "1.4 GB of 40.0 GB free",
    mend: str = 'Make room (runbook "Disk").',
) -> Finding:
    return Finding(subject=subject, severity=severity, text=text, mend=mend)


def make_notice(
    subject: str = "disk",
    severity: Severity = Severity.WARNING,
    *,
    text: str = "1.4 GB of 40.0 GB free",
    mend: str = 'Make room (runbook "Disk").',
    at: datetime = NOW,
    is_resolved: bool = False,
) -> Notice:
    return Notice(
        subject=subject,
        severity=severity,
        text=text,
        at=at,
        mend="" if is_resolved else mend,
        is_resolved=is_resolved,
    )


def make_latency() -> tuple[LatencySummary, ...]:
    figures = ((3836, 84.2, 211.0), (3836, 96.8, 240.4), (12, 131.0, 402.0), (12, 344.0, 1830.0))
    return tuple(
        LatencySummary(stage=stage, count=count, p50_milliseconds=half, p99_milliseconds=most)
        for stage, (count, half, most) in zip(LatencyStage, figures, strict=True)
    )


def make_digest(
    *,
    counts: Counts | None = None,
    decided: int = 3836,
    latency: Sequence[LatencySummary] | None = None,
    has_machine: bool = True,
    feeds: Sequence[FeedHealth] = (),
    standing: Sequence[Finding] = (),
    notices: Sequence[Notice] = (),
    since: datetime | None = None,
    lost: int = 0,
) -> Digest:
    midnight = AFTERNOON.replace(hour=0)
    machine = Machine(
        memory_bytes=412_000_000,
        memory_highest_bytes=530_000_000,
        disk_free_bytes=21_300_000_000,
        weight_highest_share=0.31,
        lag_longest_seconds=0.41,
    )
    return Digest(
        day=midnight.date(),
        at=midnight + timedelta(days=1, minutes=2),
        since=since or midnight + timedelta(minutes=2),
        decisions=DecisionCounts(decided=decided, sent=12, denied=31),
        counts=counts or Counts(closes=96, messages=54),
        latency=make_latency() if latency is None else tuple(latency),
        machine=machine if has_machine else None,
        feeds=tuple(feeds),
        standing=tuple(standing),
        notices=tuple(notices),
        dropped=lost,
        given_up=lost,
    )
