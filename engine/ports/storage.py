"""What must not be lost, as the engine sees it: repositories inside one unit of work."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from domain.access import Role
from domain.accounts import ExecutionMode
from domain.breakers import Latch
from domain.decisions import Decision
from domain.ledger import LedgerEntry
from domain.memory import PastOutcome
from domain.messages import OutgoingMessage
from domain.plans import Denial
from domain.sentiment import SentimentSnapshot
from domain.shadows import FollowedShadow
from domain.signals import Course, FollowedSignal
from domain.trading_state import PauseState
from domain.transfers import Transfer
from domain.watchlist import WatchChange, WatchedPair
from engine.ports.execution_storage import (
    AccountRepository,
    IntentRepository,
    PositionRepository,
)
from engine.ports.research_storage import (
    InputRepository,
    ParameterSetRepository,
    ReadinessRepository,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision as it is kept: with its signal's id if it was sent, or why it was denied."""

    decision: Decision
    signal_id: int | None = None
    denials: tuple[Denial, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCounts:
    """How many decisions a period saw: all, sent as signals, denied by the risk gate."""

    decided: int
    sent: int
    denied: int


class DecisionRepository(Protocol):
    """Every decision; one that led to nothing only for as long as retention says."""

    async def add(self, records: Sequence[DecisionRecord]) -> None:
        """Keep a batch."""

    async def find_latest(self, symbol: str) -> DecisionRecord | None:
        """The newest decision on a pair."""

    async def count_between(self, start: datetime, end: datetime) -> DecisionCounts:
        """Counts of decisions with start <= as_of < end."""


class SignalRepository(Protocol):
    """Published signals and their courses."""

    async def next_id(self) -> int:
        """The id of the next signal: one more than the newest, 1 for the first."""

    async def add(self, followed: FollowedSignal) -> None:
        """Keep a newly published signal. Raises `ConflictError` when its id is taken."""

    async def save_course(self, signal_id: int, course: Course) -> None:
        """Replace the course of a signal. Raises `NotFoundError`."""

    async def find(self, signal_id: int) -> FollowedSignal | None:
        """One signal."""

    async def list_live(self) -> list[FollowedSignal]:
        """All that are published or open, oldest first."""

    async def list_published_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        """Signals with start <= published_at < end, oldest first."""

    async def list_ended_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        """Signals with start <= ended_at < end, in order of their end."""


class LedgerRepository(Protocol):
    """The append-only record. There is no update and no delete."""

    async def find_head(self) -> LedgerEntry | None:
        """The newest entry.

        Whoever asks is the only one to append until its unit of work ends; readers use
        `list_from`.
        """

    async def append(self, entry: LedgerEntry) -> None:
        """Add the next entry. Raises `ConflictError` when its sequence number is taken."""

    async def list_from(self, sequence: int, *, limit: int) -> list[LedgerEntry]:
        """Entries with a sequence number >= `sequence`, in order."""


class OutboxState(StrEnum):
    """Where a message stands on its way out."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message on its way out.

    `message_id` is what the channel of delivery called it once sent; `target_message_id` and
    `reply_message_id` are those of the messages it edits or replies to, None while unknown.
    `not_before` is None when due at once. `attempts` counts sends begun.
    """

    id: int
    message: OutgoingMessage
    state: OutboxState
    attempts: int
    created_at: datetime
    not_before: datetime | None
    message_id: int | None
    target_message_id: int | None
    reply_message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxDepth:
    """How much waits, since when, and how many ended in doubt."""

    pending: int
    oldest_at: datetime | None
    unknown: int
    failed: int


class OutboxRepository(Protocol):
    """Messages on their way out. Order per recipient is the order of `put`."""

    async def put(self, messages: Sequence[OutgoingMessage], *, at: datetime) -> None:
        """Queue messages. A key that is already there is left as it is (nothing goes out twice).

        A new edit supersedes an older edit of the same message that is still pending.
        """

    async def put_anew(self, message: OutgoingMessage, *, at: datetime) -> None:
        """Queue a message at the end, in place of one with its key that has not begun to leave.

        One that has begun is left as it is.
        """

    async def list_due(self, now: datetime) -> list[OutboxRow]:
        """At most one row per recipient: its oldest pending one, if due now.

        A recipient with a row in state SENDING has none. An edit waits (does not block) while the
        message it edits has not been sent.
        """

    async def get(self, row_id: int) -> OutboxRow:
        """One row. Raises `NotFoundError`."""

    async def find_by_key(self, key: str) -> OutboxRow | None:
        """The row with a message key."""

    async def list_put_since(self, since: datetime, *, prefix: str) -> list[OutboxRow]:
        """Rows put at or after an instant whose key begins with `prefix`, oldest first."""

    async def mark_sending(self, row_id: int) -> None:
        """PENDING -> SENDING, attempts + 1. Raises `ConflictError` from any other state."""

    async def mark_sent(self, row_id: int, message_id: int) -> None:
        """SENDING or UNKNOWN -> SENT."""

    async def mark_unknown(self, row_id: int) -> None:
        """SENDING -> UNKNOWN: it may have arrived; never resent by itself."""

    async def mark_failed(self, row_id: int, reason: str) -> None:
        """SENDING or UNKNOWN -> FAILED: it will never arrive."""

    async def postpone(self, row_id: int, not_before: datetime) -> None:
        """SENDING or UNKNOWN -> PENDING, not before an instant."""

    async def list_interrupted(self) -> list[OutboxRow]:
        """Rows still SENDING: what a killed process left behind."""

    async def depth(self) -> OutboxDepth:
        """How much waits.

        An edit whose target is in doubt (UNKNOWN) is not pending here: it waits for the answer to
        a question that is counted itself.
        """


class WatchlistRepository(Protocol):
    """The watchlist and the history of changes to it."""

    async def list_pairs(self) -> list[WatchedPair]:
        """The watchlist, best score first."""

    async def replace(self, pairs: Sequence[WatchedPair], changes: Sequence[WatchChange]) -> None:
        """Store the watchlist and append the changes that led to it."""

    async def list_changes(self, *, limit: int) -> list[WatchChange]:
        """The newest changes, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerEvent:
    """A breaker tripped: which, when, about which pair (None: all), in words."""

    breaker: str
    at: datetime
    symbol: str | None
    text: str


class StateRepository(Protocol):
    """Small pieces of state that survive a restart."""

    async def check_writing(self) -> None:
        """Write something and take it back: committed, it leaves everything as it was.

        Raises `StorageUnavailableError` where nothing can be written, here or at the commit.
        """

    async def get_pause(self) -> PauseState:
        """Whether new signals are paused; not paused when nobody ever said so."""

    async def set_pause(self, pause: PauseState) -> None:
        """Pause or resume."""

    async def add_breaker_events(self, events: Sequence[BreakerEvent]) -> None:
        """Append to the breaker log."""

    async def list_breaker_events(self, start: datetime, end: datetime) -> list[BreakerEvent]:
        """Events with start <= at < end, oldest first."""

    async def get_mode(self) -> ExecutionMode | None:
        """What presses lead to, as it was last said in chat; None when nobody ever said so."""

    async def set_mode(self, mode: ExecutionMode) -> None:
        """Say it."""

    async def get_tag(self) -> str | None:
        """The 6 hexadecimal digits that mark this database's orders; None before the first."""

    async def set_tag(self, tag: str) -> None:
        """Choose them, once. Raises `ConflictError` when there are some."""

    async def get_last_seen(self) -> datetime | None:
        """When a bot was last seen at work on this database; None after an end in order."""

    async def set_last_seen(self, at: datetime | None) -> None:
        """One is at work at an instant; None when it ends in order."""

    async def list_latches(self) -> list[Latch]:
        """Breakers that stay tripped, by name."""

    async def set_latch(self, latch: Latch) -> None:
        """Keep a latch, in place of an earlier one of the same breaker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowResult:
    """Of a shadow that ended, what judges the rules that stood in its way.

    `realised_r` is net of costs, 0 where the entry was never met (`was_entered`).
    """

    rules: tuple[str, ...]
    was_entered: bool
    realised_r: Decimal


class ShadowRepository(Protocol):
    """Decisions that were not sent and are followed nevertheless."""

    async def next_id(self) -> int:
        """The id of the next shadow: one more than the newest, 1 for the first."""

    async def add(self, shadows: Sequence[FollowedShadow]) -> None:
        """Keep new shadows. Raises `ConflictError` when an id is taken."""

    async def save_courses(self, courses: Mapping[int, Course]) -> None:
        """Replace the courses of shadows by id. Raises `NotFoundError`."""

    async def list_live(self) -> list[FollowedShadow]:
        """All that have not ended, oldest first."""

    async def list_ended_between(self, start: datetime, end: datetime) -> list[FollowedShadow]:
        """Shadows with start <= ended_at < end, in order of their end."""

    async def list_results_between(self, start: datetime, end: datetime) -> list[ShadowResult]:
        """Results of the same shadows in the same order, for a fraction of the work."""


class UserRepository(Protocol):
    """Known users by numeric id."""

    async def role_of(self, user_id: int) -> Role:
        """The role of a user; GUEST for a stranger."""

    async def grant(self, user_id: int, role: Role, *, at: datetime, how: str) -> None:
        """Give a role; `how` says by what right ("settings", "pairing code")."""

    async def keep_only(self, how: str, user_ids: Collection[int]) -> None:
        """Take their role from everybody else who was granted it in this way."""

    async def list_with(self, role: Role) -> list[int]:
        """Ids of the users with a role, in order of their grant."""


class TransferRepository(Protocol):
    """Large transfers that providers told, each movement once."""

    async def add(self, transfers: Sequence[Transfer], *, known_ms: int) -> list[Transfer]:
        """Keep those whose key is new, and return them."""

    async def list_known_since(self, known_ms: int) -> list[tuple[Transfer, int]]:
        """Transfers first known at or after an instant, each with when, in that order."""


class SentimentRepository(Protocol):
    """A snapshot for each quarter of an hour."""

    async def add(self, snapshot: SentimentSnapshot) -> None:
        """Keep a snapshot; one of the same instant is left as it is."""

    async def list_since(self, at_ms: int) -> list[SentimentSnapshot]:
        """Snapshots at or after an instant, oldest first."""


class OutcomeRepository(Protocol):
    """What became of setups; live and backtested ones are told apart by their origin."""

    async def add(self, outcomes: Sequence[PastOutcome]) -> None:
        """Keep outcomes; one of the same origin, symbol and decision is left as it is."""

    async def drop_backtested(self, symbols: Collection[str], start_ms: int, end_ms: int) -> None:
        """Forget backtested outcomes of these pairs with start <= decision < end; no live ones."""

    async def list_all(self) -> list[PastOutcome]:
        """All of them, in the order in which they were known."""


class UnitOfWork(Protocol):
    """One transaction over all repositories. Rolls back unless `commit` was called."""

    @property
    def decisions(self) -> DecisionRepository:
        """Decisions."""

    @property
    def signals(self) -> SignalRepository:
        """Signals."""

    @property
    def ledger(self) -> LedgerRepository:
        """The record."""

    @property
    def outbox(self) -> OutboxRepository:
        """Messages."""

    @property
    def watchlist(self) -> WatchlistRepository:
        """Pairs."""

    @property
    def state(self) -> StateRepository:
        """Pause and breakers."""

    @property
    def shadows(self) -> ShadowRepository:
        """What was not sent."""

    @property
    def intents(self) -> IntentRepository:
        """What traders asked for."""

    @property
    def positions(self) -> PositionRepository:
        """Positions, orders, fills."""

    @property
    def accounts(self) -> AccountRepository:
        """Whose money it is."""

    @property
    def users(self) -> UserRepository:
        """Users."""

    @property
    def transfers(self) -> TransferRepository:
        """Large transfers."""

    @property
    def sentiment(self) -> SentimentRepository:
        """Sentiment over time."""

    @property
    def outcomes(self) -> OutcomeRepository:
        """What became of setups."""

    @property
    def readiness(self) -> ReadinessRepository:
        """Verdicts of the readiness gate."""

    @property
    def parameter_sets(self) -> ParameterSetRepository:
        """Versioned parameter sets."""

    @property
    def inputs(self) -> InputRepository:
        """What decisions were made on."""

    async def commit(self) -> None:
        """Make everything done so far permanent."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


Storage = Callable[[], UnitOfWork]
"""Opens a unit of work: `async with storage() as unit: ...; await unit.commit()`."""
