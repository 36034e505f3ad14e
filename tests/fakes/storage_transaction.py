"""State and transactions of the storage in memory: one writer, reads see what is committed."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from domain.access import Role
from domain.accounts import Account, ExecutionMode
from domain.breakers import Latch
from domain.errors import ConflictError, InvalidDataError, NotFoundError
from domain.intents import Intent
from domain.ledger import LedgerEntry
from domain.memory import Origin, PastOutcome
from domain.orders import Fill, Order
from domain.parameter_sets import LiveChange, ParameterSet
from domain.positions import Position
from domain.readiness import ReadinessVerdict
from domain.sentiment import SentimentSnapshot
from domain.shadows import FollowedShadow
from domain.signals import FollowedSignal
from domain.trading_state import PauseState
from domain.transfers import Transfer
from domain.watchlist import WatchChange, WatchedPair
from engine.ports.execution_storage import SealedKey
from engine.ports.storage import BreakerEvent, DecisionRecord, OutboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    role: Role
    at: datetime
    how: str


@dataclass(kw_only=True)
class Kept:
    """Everything that is stored. Its values are immutable; its containers are copied to write."""

    decisions: list[DecisionRecord] = field(default_factory=list)
    signals: dict[int, FollowedSignal] = field(default_factory=dict)
    ledger: dict[int, LedgerEntry] = field(default_factory=dict)
    outbox: dict[int, OutboxRow] = field(default_factory=dict)
    pairs: list[WatchedPair] = field(default_factory=list)
    changes: list[WatchChange] = field(default_factory=list)
    pause: PauseState = field(default_factory=PauseState)
    breaker_events: list[BreakerEvent] = field(default_factory=list)
    latches: dict[str, Latch] = field(default_factory=dict)
    shadows: dict[int, FollowedShadow] = field(default_factory=dict)
    grants: dict[int, Grant] = field(default_factory=dict)
    transfers: dict[str, tuple[Transfer, int]] = field(default_factory=dict)
    sentiment: dict[int, SentimentSnapshot] = field(default_factory=dict)
    outcomes: dict[tuple[Origin, str, int], PastOutcome] = field(default_factory=dict)
    mode: ExecutionMode | None = None
    tag: str | None = None
    last_seen: datetime | None = None
    intents: dict[int, Intent] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    fills: dict[tuple[str, str, str], tuple[int, Fill]] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    keys: dict[int, SealedKey] = field(default_factory=dict)
    paper_books: dict[str, bytes] = field(default_factory=dict)
    verdicts: list[ReadinessVerdict] = field(default_factory=list)
    parameter_sets: dict[int, ParameterSet] = field(default_factory=dict)
    live_changes: list[tuple[str, LiveChange]] = field(default_factory=list)
    inputs: dict[int, bytes] = field(default_factory=dict)
    observations: dict[tuple[datetime, str], bytes] = field(default_factory=dict)

    def copy(self) -> "Kept":
        return replace(
            self,
            decisions=list(self.decisions),
            signals=dict(self.signals),
            ledger=dict(self.ledger),
            outbox=dict(self.outbox),
            pairs=list(self.pairs),
            changes=list(self.changes),
            breaker_events=list(self.breaker_events),
            latches=dict(self.latches),
            shadows=dict(self.shadows),
            grants=dict(self.grants),
            transfers=dict(self.transfers),
            sentiment=dict(self.sentiment),
            outcomes=dict(self.outcomes),
            intents=dict(self.intents),
            positions=dict(self.positions),
            orders=dict(self.orders),
            fills=dict(self.fills),
            accounts=dict(self.accounts),
            keys=dict(self.keys),
            paper_books=dict(self.paper_books),
            verdicts=list(self.verdicts),
            parameter_sets=dict(self.parameter_sets),
            live_changes=list(self.live_changes),
            inputs=dict(self.inputs),
            observations=dict(self.observations),
        )


class Shared:
    """What is committed, and the queue of writers."""

    def __init__(self) -> None:
        self.committed = Kept()
        self.writers = asyncio.Lock()


class MemoryTransaction:
    """Writes go to a copy that takes the place of the committed state at the end."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._own: Kept | None = None
        self._is_spoiled = False

    @property
    def seen(self) -> Kept:
        """For reading only."""
        return self._shared.committed if self._own is None else self._own

    async def writable(self) -> Kept:
        if self._own is None:
            await self._shared.writers.acquire()
            self._own = self._shared.committed.copy()
        return self._own

    def refuse(self, message: str) -> ConflictError:
        """A failed statement: nothing of the transaction can be committed any more."""
        self._is_spoiled = True
        return ConflictError(message)

    def miss(self, message: str) -> NotFoundError:
        """A failed statement, because what it belongs to is not there."""
        self._is_spoiled = True
        return NotFoundError(message)

    def commit(self) -> None:
        if self._is_spoiled:
            raise ConflictError("a statement of this unit of work failed; open a new one")
        if self._own is not None:
            self._shared.committed = self._own
        self.close()

    def close(self) -> None:
        if self._own is not None:
            self._own = None
            self._shared.writers.release()


def to_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise InvalidDataError(f"{at!r} has no time zone; store aware instants only")
    return at.astimezone(UTC)
