"""From when on a reading of the running bot is trouble."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthParameters(Parameters):
    """Limits of what is normal. Seconds, minutes and periods are those of the wall."""

    start_minutes: float = parameter(
        5.0,
        doc="what has not come yet is not missed for so long after the start",
        unit="minutes",
        source="history of 40 pairs loads within two",
        low=0,
        high=60,
    )
    confirm_readings: int = parameter(
        2,
        doc="a trouble that is not critical is told when so many readings in a row show it",
        unit="readings",
        source="what heals within five minutes needs nobody",
        low=1,
        high=12,
    )
    clear_readings: int = parameter(
        2,
        doc="a trouble is over when so many readings in a row are without it",
        unit="readings",
        source="what comes and goes is one trouble, not many",
        low=1,
        high=12,
    )
    reading_seconds: float = parameter(
        30.0,
        doc="a reading that takes longer is given up",
        unit="seconds",
        source="everything in it answers within one, or hangs",
        low=1,
        high=300,
    )
    candles_seconds: float = parameter(
        180.0,
        doc="oldest newest message of a pair's candles",
        unit="seconds",
        source="silent streams are subscribed again after two minutes",
        low=5,
        high=3600,
    )
    book_seconds: float = parameter(
        60.0,
        doc="oldest newest message of a pair's order book",
        unit="seconds",
        source="a book is of no use after 3 s; a lost socket is back within 30 s",
        low=3,
        high=3600,
    )
    trades_seconds: float = parameter(
        900.0,
        doc="oldest newest trade of a pair",
        unit="seconds",
        source="quiet pairs trade less than once in five minutes at night",
        low=10,
        high=86_400,
    )
    weight_share: float = parameter(
        0.95,
        doc="share of the allowed request weight from which on too much is asked",
        unit="share",
        source="a start comes near to all of it for a minute, daily life to a tenth",
        low=0.1,
        high=1,
    )
    silence_seconds: float = parameter(
        30.0,
        doc="silence asked for by the exchange from which on it is told",
        unit="seconds",
        source="shorter ones end before anybody has read of them",
        low=0,
        high=3600,
    )
    skew_seconds: float = parameter(
        2.0,
        doc="difference between the machine's clock and the exchange's",
        unit="seconds",
        source="a machine that keeps its time is within a tenth",
        low=0.1,
        high=3600,
    )
    clock_minutes: float = parameter(
        15.0,
        doc="oldest measurement of exchange time",
        unit="minutes",
        source="no signal is sent after it (breaker clock_health)",
        low=1,
        high=60,
    )
    ready_seconds: float = parameter(
        60.0,
        doc="time after a close within which pairs may be incomplete",
        unit="seconds",
        source="final candles come within 2 s; what is missing is fetched within half a minute",
        low=5,
        high=600,
    )
    decision_minutes: float = parameter(
        3.0,
        doc="time after a close by which it must have been decided on",
        unit="minutes",
        source="a close of 40 pairs is decided on within seconds",
        low=0.5,
        high=14,
    )
    database_milliseconds: float = parameter(
        1000.0,
        doc="longest answer of the database to a small question",
        unit="milliseconds",
        source="it answers within 5",
        low=10,
        high=30_000,
    )
    outbox_minutes: float = parameter(
        5.0,
        doc="age of the oldest waiting message from which on delivery is slow",
        unit="minutes",
        source="a signal's entry is open for minutes",
        low=1,
        high=1440,
    )
    outbox_critical_minutes: float = parameter(
        30.0,
        doc="age of the oldest waiting message from which on delivery has stopped",
        unit="minutes",
        source="posts of two closes wait then",
        low=1,
        high=1440,
    )
    telegram_failures: int = parameter(
        3,
        doc="requests to Telegram that failed since the last good one",
        unit="requests",
        source="one or two are the network",
        low=1,
        high=1000,
    )
    telegram_minutes: float = parameter(
        10.0,
        doc="time without a good request to Telegram from which on it is away",
        unit="minutes",
        source="a signal that is not read within it is lost",
        low=1,
        high=1440,
    )
    job_failures: int = parameter(
        3,
        doc="runs of a job that failed in a row",
        unit="runs",
        source="one or two are the network",
        low=1,
        high=1000,
    )
    job_periods: float = parameter(
        3.0,
        doc="periods of a job without a run, on top of `job_seconds`",
        unit="periods",
        source="one may be left out while the one before still runs",
        low=1.5,
        high=100,
    )
    job_seconds: float = parameter(
        60.0,
        doc="seconds that a run of a job may begin late",
        unit="seconds",
        source="the longest delay after which a run still happens",
        low=1,
        high=3600,
    )
    missed_runs: int = parameter(
        5,
        doc="runs of a job left out since the start from which on it is named",
        unit="runs",
        source="a restart of the database costs a few",
        low=1,
        high=100_000,
    )
    memory_share: float = parameter(
        0.8,
        doc="share of the memory limit that is much",
        unit="share",
        source="the rest is needed while charts are drawn and history is loaded",
        low=0.1,
        high=1,
    )
    memory_critical_share: float = parameter(
        0.92,
        doc="share of the memory limit that leaves no room",
        unit="share",
        source="the kernel ends a process that reaches its limit",
        low=0.1,
        high=1,
    )
    cpu_share: float = parameter(
        0.9,
        doc="share of one core used between two readings",
        unit="share of a core",
        source="the event loop has one core; above it closes come late",
        low=0.1,
        high=1,
    )
    lag_seconds: float = parameter(
        1.0,
        doc="longest time that the event loop stood still between two readings",
        unit="seconds",
        source="four times what is logged as a stall",
        low=0.05,
        high=60,
    )
    open_files: int = parameter(
        800,
        doc="open files and sockets",
        unit="files",
        source="some 60 are usual, 1024 the usual limit",
        low=50,
        high=1_000_000,
    )
    disk_gigabytes: float = parameter(
        2.0,
        doc="free room on the disk that is scarce",
        unit="GB",
        source="as in the doctor: months of decisions",
        low=0.1,
        high=1000,
    )
    disk_critical_gigabytes: float = parameter(
        0.2,
        doc="free room on the disk that is hardly any",
        unit="GB",
        source="as in the doctor: a backup or a migration fills it",
        low=0.01,
        high=1000,
    )

    def __post_init__(self) -> None:
        """What is critical lies beyond what is trouble. Raises `ValueError`."""
        Parameters.__post_init__(self)
        if self.outbox_critical_minutes < self.outbox_minutes:
            raise ValueError("outbox_critical_minutes must not be below outbox_minutes")
        if self.memory_critical_share < self.memory_share:
            raise ValueError("memory_critical_share must not be below memory_share")
        if self.disk_critical_gigabytes > self.disk_gigabytes:
            raise ValueError("disk_critical_gigabytes must not be above disk_gigabytes")
