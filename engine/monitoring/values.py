"""Readings of the running bot, what was found in them, and what people are told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.feeds import FeedHealth
from engine.ports.storage import OutboxDepth


class Severity(StrEnum):
    """How soon somebody has to know: at once, within minutes, in the daily digest."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"

    @property
    def urgency(self) -> int:
        """The higher, the sooner: 2 for critical, 0 for info."""
        return list(reversed(Severity)).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to be told to operators.

    `subject` names what it is about, the same for the trouble and its end ("database",
    "task delivery"); `mend` is empty where nothing can be done. Plain words, not yet escaped.
    """

    subject: str
    severity: Severity
    text: str
    at: datetime
    mend: str = ""
    is_resolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in a reading, for as long as it is found there.

    `is_certain` where one reading is proof enough: it tells of what has happened, not of what may
    pass.
    """

    subject: str
    severity: Severity
    text: str
    mend: str
    is_certain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReading:
    """A stream of one watched pair: `age_seconds` of exchange time since its newest message.

    `kind` is "candles", "book" or "trades"; the age is None before the first message.
    """

    symbol: str
    kind: str
    age_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestReading:
    """Request weight of the last minute, of how much is allowed; silence the venue asked for."""

    weight_used: float
    weight_allowed: float
    silent_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """How far the host's time is from the exchange's, None before it was ever measured.

    `skew_seconds` is host minus exchange; `age_seconds` are wall seconds since the measurement.
    """

    skew_seconds: float | None
    age_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreReading:
    """The database, or the cache: `name` ("SQLite", "PostgreSQL", "Redis", "in process").

    `error` is None while it answers; `milliseconds` is how long a small question took.
    """

    name: str
    error: str | None
    milliseconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramReading:
    """Telegram, or the terminal: when a request last went well, and how many failed since."""

    is_terminal: bool
    last_good_at: datetime | None
    failures: int
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReading:
    """A scheduled job. `period_seconds` is wall time, `lateness_seconds` how late its last run was.

    `failures` counts failed runs in a row, `missed` runs left out since the start.
    """

    name: str
    period_seconds: float
    last_run_at: datetime | None
    last_good_at: datetime | None
    lateness_seconds: float
    failures: int
    missed: int
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReading:
    """A supervised task: crashes since the start, and whether it is running or waits to be."""

    name: str
    crashes: int
    is_running: bool
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReading:
    """The process and its machine.

    `memory_bytes` is resident; `memory_limit_bytes` is the container's limit or the machine's
    memory. `cpu_share` is of one core since the last reading, `loop_lag_seconds` the longest lag of
    the event loop since the last one that nobody asked for, `stalls` those above the limit since
    the start.
    """

    memory_bytes: int
    memory_limit_bytes: int
    cpu_share: float
    threads: int
    open_files: int
    disk_free_bytes: int
    disk_total_bytes: int
    loop_lag_seconds: float
    stalls: int
    uptime_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReading:
    """Everything read at one instant. What could not be read is None.

    `at`, the ages of streams and all instants are exchange time, which passes `speed` times as fast
    as the wall's. `halted_accounts` say of each account that is halted its name, ": " and why.
    `waited_seconds` are those wall seconds of the uptime in which the start waited in vain for the
    exchange. `unserved` says why health is not served over HTTP, though it should be.
    """

    at: datetime
    streams: tuple[StreamReading, ...]
    rest: RestReading
    clock: ClockReading
    database: StoreReading
    cache: StoreReading
    outbox: OutboxDepth | None
    telegram: TelegramReading
    jobs: tuple[JobReading, ...]
    tasks: tuple[TaskReading, ...]
    process: ProcessReading
    feeds: tuple[FeedHealth, ...]
    halted_accounts: tuple[str, ...]
    last_decision_at: datetime | None
    last_signal_at: datetime | None
    is_paused: bool
    pairs_watched: int
    pairs_ready: int
    speed: float = 1.0
    waited_seconds: float = 0.0
    unserved: str | None = None


class LatencyStage(StrEnum):
    """What has been reached of the way that begins with a pair's final candle."""

    DECIDED = "decided"
    STORED = "stored"
    HANDED_OVER = "handed over"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencySummary:
    """How long a stage took, in wall milliseconds from the final candle, over `count` cases.

    A case of the first two stages is a pair decided on, of the last two a post of a signal.
    """

    stage: LatencyStage
    count: int
    p50_milliseconds: float
    p99_milliseconds: float
