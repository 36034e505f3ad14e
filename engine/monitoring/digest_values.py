"""What operators read once a day."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self

from domain.feeds import FeedHealth
from engine.monitoring.values import Finding, LatencySummary, Notice
from engine.ports.storage import DecisionCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What happened so often since the start of the process.

    `messages` were accepted by Telegram, `late_closes` are among `closes`, `missed_runs` are runs
    of jobs, `crashes` those of tasks, `stalls` those of the event loop.
    """

    closes: int = 0
    late_closes: int = 0
    messages: int = 0
    missed_runs: int = 0
    crashes: int = 0
    stalls: int = 0

    def since(self, earlier: Self) -> Self:
        """What happened after an earlier look."""
        return type(self)(
            **{
                one.name: getattr(self, one.name) - getattr(earlier, one.name)
                for one in fields(self)
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Bytes of memory now and at most, of free disk; the highest share of allowed weight, and
    the longest lag of the event loop in wall seconds.
    """

    memory_bytes: int
    memory_highest_bytes: int
    disk_free_bytes: int
    weight_highest_share: float
    lag_longest_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A UTC day as operators see it.

    `decisions` are those of the whole day. `latency`, `counts` and the highest of `machine` are of
    this process from `since` on, which may be later than the day began, or even than it ended.
    `machine` is None before the first reading. `dropped` notices found no room, `given_up` ones no
    channel other than Telegram, both since the start. `at` is when it was made.
    """

    day: date
    at: datetime
    since: datetime
    decisions: DecisionCounts
    counts: Counts
    latency: tuple[LatencySummary, ...]
    machine: Machine | None
    feeds: tuple[FeedHealth, ...]
    standing: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    dropped: int
    given_up: int
