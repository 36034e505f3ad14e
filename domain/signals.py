"""A published signal and its life, from post to end (design 4.7)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.decisions import Decision
from domain.instruments import Instrument
from domain.lifecycle import LifecycleParameters
from domain.plans import TradePlan


class SignalState(StrEnum):
    """Where a signal stands. The last eight are final."""

    PUBLISHED = "published"
    TRIGGERED = "triggered"
    TP1 = "tp1"
    TP2 = "tp2"
    TP3 = "tp3"
    STOPPED = "stopped"
    BREAKEVEN = "breakeven"
    TRAILED = "trailed"
    MAX_HOLD = "max_hold"
    INVALIDATED = "invalidated"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen any more."""
        return self not in _LIVE_STATES

    @property
    def is_open(self) -> bool:
        """Whether a follower of the signal holds a position."""
        return self in _LIVE_STATES and self is not SignalState.PUBLISHED


_LIVE_STATES = frozenset(
    {SignalState.PUBLISHED, SignalState.TRIGGERED, SignalState.TP1, SignalState.TP2}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What was published, never changed afterwards.

    `id` counts up from 1. `valid_until` ends the entry window. `published_at` is exchange time at
    issue. `rules` are those of its life as they stood then: later settings don't touch it.
    """

    id: int
    instrument: Instrument
    decision: Decision
    plan: TradePlan
    published_at: datetime
    valid_until: datetime
    rules: LifecycleParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A part of the position closed: why, at which price, which fraction of the whole."""

    state: SignalState
    price: Decimal
    fraction: Decimal
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a signal has come.

    `cursor` is the number of the last 1-minute candle followed (None before the first); `stop` the
    stop in force; `extreme` the best price since the second target (None before). `exits` are in
    order of time. `realised_r` and `realised_percent` are net of costs, over the closed fractions.
    """

    state: SignalState
    stop: Decimal
    cursor: int | None = None
    triggered_at: datetime | None = None
    extreme: Decimal | None = None
    exits: tuple[Exit, ...] = ()
    realised_r: Decimal = Decimal(0)
    realised_percent: Decimal = Decimal(0)
    ended_at: datetime | None = None

    @property
    def closed_fraction(self) -> Decimal:
        """Share of the position that is closed, 0 to 1."""
        return sum((leg.fraction for leg in self.exits), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to a followed signal, for the post, the reply and the record."""

    state: SignalState
    at: datetime
    price: Decimal
    course: Course


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedSignal:
    """A signal together with its course and the ledger hash of its publication (hex)."""

    signal: Signal
    course: Course
    ledger_hash: str
