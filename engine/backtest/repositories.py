"""What the live use cases write down, kept in memory: signals, ledger, state."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from domain.accounts import ExecutionMode
from domain.breakers import Latch
from domain.errors import ConflictError, NotFoundError
from domain.ledger import LedgerEntry
from domain.signals import Course, FollowedSignal
from domain.trading_state import PauseState
from engine.ports.storage import (
    BreakerEvent,
    LedgerRepository,
    SignalRepository,
    StateRepository,
)


class KeptSignals(SignalRepository):
    """Signals by id, with those that are live and those that have ended at hand.

    They are published in order of time, so ids, and spans of publication, are in order as well.
    """

    def __init__(self) -> None:
        self._all: list[FollowedSignal] = []
        self._live: dict[int, FollowedSignal] = {}
        self._ended: list[tuple[datetime, int]] = []

    @property
    def live(self) -> Sequence[FollowedSignal]:
        """All that are published or open, oldest first."""
        return tuple(self._live.values())

    @property
    def every(self) -> Sequence[FollowedSignal]:
        """All of them, oldest first."""
        return tuple(self._all)

    async def next_id(self) -> int:
        """One more than the newest."""
        return len(self._all) + 1

    async def add(self, followed: FollowedSignal) -> None:
        """Keep a newly published signal. Raises `ConflictError` unless its id is the next one."""
        if followed.signal.id != await self.next_id():
            raise ConflictError(f"signal {followed.signal.id} is not the next one")
        self._all.append(followed)
        self._live[followed.signal.id] = followed

    async def save_course(self, signal_id: int, course: Course) -> None:
        """Replace the course of a live signal. Raises `NotFoundError` for any other."""
        known = self._live.get(signal_id)
        if known is None:
            raise NotFoundError(f"there is no live signal {signal_id}")
        followed = FollowedSignal(signal=known.signal, course=course, ledger_hash=known.ledger_hash)
        self._all[signal_id - 1] = self._live[signal_id] = followed
        if course.state.is_final and course.ended_at is not None:
            del self._live[signal_id]
            insort(self._ended, (course.ended_at, signal_id))

    async def find(self, signal_id: int) -> FollowedSignal | None:
        """One signal."""
        return self._all[signal_id - 1] if 0 < signal_id <= len(self._all) else None

    async def list_live(self) -> list[FollowedSignal]:
        """All that are published or open, oldest first."""
        return list(self._live.values())

    async def list_published_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        """Signals with start <= published_at < end, oldest first."""
        published = attrgetter("signal.published_at")
        return self._all[
            bisect_left(self._all, start, key=published) : bisect_left(
                self._all, end, key=published
            )
        ]

    async def list_ended_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        """Signals with start <= ended_at < end, in order of their end."""
        first, stop = (bisect_left(self._ended, (at, 0)) for at in (start, end))
        return [self._all[signal_id - 1] for _, signal_id in self._ended[first:stop]]


class KeptLedger(LedgerRepository):
    """The record as a list."""

    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []

    async def find_head(self) -> LedgerEntry | None:
        """The newest entry."""
        return self.entries[-1] if self.entries else None

    async def append(self, entry: LedgerEntry) -> None:
        """Add the next entry. Raises `ConflictError` when its number is not the next one."""
        if entry.sequence != len(self.entries) + 1:
            raise ConflictError(f"ledger entry {entry.sequence} is not the next one")
        self.entries.append(entry)

    async def list_from(self, sequence: int, *, limit: int) -> list[LedgerEntry]:
        """Entries with a sequence number >= `sequence`, in order."""
        first = max(0, sequence - 1)
        return self.entries[first : first + limit]


class KeptState(StateRepository):
    """Pause, latches and the breaker log."""

    def __init__(self) -> None:
        self.latches: dict[str, Latch] = {}
        self._pause = PauseState()
        self._events: list[BreakerEvent] = []
        self._mode: ExecutionMode | None = None
        self._tag: str | None = None
        self._last_seen: datetime | None = None

    async def check_writing(self) -> None:
        """Memory can always be written to."""

    async def get_pause(self) -> PauseState:
        """Whether new signals are paused."""
        return self._pause

    async def set_pause(self, pause: PauseState) -> None:
        """Pause or resume."""
        self._pause = pause

    async def add_breaker_events(self, events: Sequence[BreakerEvent]) -> None:
        """Append to the breaker log."""
        for event in events:
            insort(self._events, event, key=attrgetter("at"))

    async def list_breaker_events(self, start: datetime, end: datetime) -> list[BreakerEvent]:
        """Events with start <= at < end, oldest first."""
        first, stop = (bisect_left(self._events, at, key=attrgetter("at")) for at in (start, end))
        return self._events[first:stop]

    async def get_mode(self) -> ExecutionMode | None:
        """What presses lead to."""
        return self._mode

    async def set_mode(self, mode: ExecutionMode) -> None:
        """Say it."""
        self._mode = mode

    async def get_tag(self) -> str | None:
        """The mark of this storage's orders."""
        return self._tag

    async def set_tag(self, tag: str) -> None:
        """Choose it, once. Raises `ConflictError` when there is one."""
        if self._tag is not None:
            raise ConflictError("there is a tag already")
        self._tag = tag

    async def get_last_seen(self) -> datetime | None:
        """When it was set to last."""
        return self._last_seen

    async def set_last_seen(self, at: datetime | None) -> None:
        """Set it, or take it away."""
        self._last_seen = at

    async def list_latches(self) -> list[Latch]:
        """Breakers that stay tripped, by name."""
        return [self.latches[breaker] for breaker in sorted(self.latches)]

    async def set_latch(self, latch: Latch) -> None:
        """Keep a latch, in place of an earlier one of the same breaker."""
        self.latches[latch.breaker] = latch
