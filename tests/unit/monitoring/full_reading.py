"""A health reading in which everything could be read, and the metrics that it leads to."""

from datetime import UTC, datetime, timedelta

from domain.feeds import FeedHealth, FeedState
from engine.monitoring.values import (
    ClockReading,
    HealthReading,
    JobReading,
    LatencyStage,
    ProcessReading,
    RestReading,
    StoreReading,
    StreamReading,
    TaskReading,
    TelegramReading,
)
from engine.ports.storage import OutboxDepth
from monitoring.metrics import Metrics

AT = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
KINDS = ("candles", "book", "trades")


def streams(pairs: int) -> tuple[StreamReading, ...]:
    """Three streams for each pair; candles of the first are oldest, with 1.5 s a pair."""
    return tuple(
        StreamReading(symbol=f"PAIR{number}/USDT:USDT", kind=kind, age_seconds=1.5 * number)
        for number in range(pairs, 0, -1)
        for kind in KINDS
    )


def job(name: str, *, missed: int = 0) -> JobReading:
    return JobReading(
        name=name,
        period_seconds=60.0,
        last_run_at=AT - timedelta(seconds=30),
        last_good_at=AT - timedelta(seconds=90),
        lateness_seconds=0.25,
        failures=1,
        missed=missed,
        last_error="ConnectionError: away",
    )


def task(name: str, *, crashes: int = 0, is_running: bool = True) -> TaskReading:
    return TaskReading(name=name, crashes=crashes, is_running=is_running, last_error=None)


def process_reading() -> ProcessReading:
    return ProcessReading(
        memory_bytes=180_000_000,
        memory_limit_bytes=1_000_000_000,
        cpu_share=0.12,
        threads=9,
        open_files=61,
        disk_free_bytes=20_000_000_000,
        disk_total_bytes=80_000_000_000,
        loop_lag_seconds=0.012,
        stalls=3,
        uptime_seconds=86_400.0,
    )


def full_reading(pairs: int = 2) -> HealthReading:
    return HealthReading(
        at=AT,
        streams=streams(pairs),
        rest=RestReading(weight_used=240.0, weight_allowed=1200.0, silent_seconds=0.0),
        clock=ClockReading(skew_seconds=-0.045, age_seconds=120.0),
        database=StoreReading(name="PostgreSQL", error=None, milliseconds=1.5),
        cache=StoreReading(name="Redis", error="ConnectionError", milliseconds=None),
        outbox=OutboxDepth(pending=4, oldest_at=AT - timedelta(seconds=7), unknown=1, failed=2),
        telegram=TelegramReading(
            is_terminal=False, last_good_at=AT - timedelta(seconds=5), failures=3, last_error="away"
        ),
        jobs=(job("scan"), job("follow", missed=2)),
        tasks=(task("delivery"), task("desk", crashes=5, is_running=False)),
        process=process_reading(),
        feeds=(
            FeedHealth(provider="mempool", state=FeedState.GOOD),
            FeedHealth(provider="etherscan", state=FeedState.GOOD),
            FeedHealth(provider="x", state=FeedState.OFF, reason="no key"),
            FeedHealth(provider="reddit", state=FeedState.RESTING),
        ),
        halted_accounts=("binance live of trader 7",),
        last_decision_at=AT - timedelta(seconds=28),
        last_signal_at=AT - timedelta(hours=3),
        is_paused=True,
        pairs_watched=40,
        pairs_ready=38,
    )


def full_metrics(pairs: int = 2) -> Metrics:
    """Metrics to which everything has happened once."""
    metrics = Metrics(version="1.2.3")
    metrics.take(full_reading(pairs))
    for stage in LatencyStage:
        metrics.observe_latency(stage, 0.04)
    metrics.count_close(is_late=True)
    return metrics
