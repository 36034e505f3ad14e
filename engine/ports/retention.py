"""What grows without end and may go in time, as the engine sees it. The rest is kept for ever."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self


class History(StrEnum):
    """Kinds of rows that may be deleted when they are old, by the name of their table."""

    DECISIONS = "decisions"
    SHADOWS = "shadows"
    OBSERVATIONS = "observations"
    MESSAGES = "outbox"
    WATCH_CHANGES = "watch_changes"
    BREAKER_EVENTS = "breaker_events"
    TRANSFERS = "whale_events"
    SENTIMENT = "sentiment_snapshots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows a batch deleted; `until` is the time of the newest of them, None without."""

    rows: int = 0
    until: datetime | None = None


class RetentionRepository(Protocol):
    """Deletes what is old and needed by nothing else."""

    async def prune(
        self, history: History, *, after: datetime | None, before: datetime, limit: int
    ) -> Pruned:
        """Delete the oldest `limit` rows at most with after <= time < before.

        `after` is the `until` of the batch before, None for the first one. What something else
        still refers to stays, however old.
        """


class RetentionUnit(Protocol):
    """One transaction. Rolls back unless `commit` was called."""

    @property
    def retention(self) -> RetentionRepository:
        """What may go."""

    async def commit(self) -> None:
        """Make it permanent."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


RetentionStorage = Callable[[], RetentionUnit]
"""Opens a unit of work that can delete."""
