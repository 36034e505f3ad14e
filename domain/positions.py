"""A position and its books: what was asked, what was sent, what was filled, what is left."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.directions import Direction
from domain.instruments import Instrument
from domain.intents import Intent
from domain.orders import Fill, Order
from domain.plans import TradePlan
from domain.transitions import Transitions


class PositionState(StrEnum):
    """Where a position stands."""

    OPENING = "opening"
    """The entry is on its way; nothing, or a part of it, is filled (and then protected)."""
    OPEN = "open"
    CLOSING = "closing"
    """All that is left is being closed at market."""
    CLOSED = "closed"


class PositionEvent(StrEnum):
    """What moves a position on."""

    ENTER = "enter"
    MISS = "miss"
    CLOSE = "close"
    END = "end"


POSITION_TRANSITIONS: Final = Transitions[PositionState, PositionEvent](
    "position",
    {
        PositionState.OPENING: {
            PositionEvent.ENTER: PositionState.OPEN,
            PositionEvent.MISS: PositionState.CLOSED,
            PositionEvent.CLOSE: PositionState.CLOSING,
        },
        PositionState.OPEN: {
            PositionEvent.CLOSE: PositionState.CLOSING,
            PositionEvent.END: PositionState.CLOSED,
        },
        PositionState.CLOSING: {PositionEvent.END: PositionState.CLOSED},
    },
)


class CloseReason(StrEnum):
    """Why a position ended, or is being closed."""

    NOT_ENTERED = "not entered"
    TARGETS = "all targets reached"
    STOPPED = "stopped"
    BREAKEVEN = "stopped at break-even"
    TRAILED = "trailing stop"
    MAX_HOLD = "longest hold"
    BY_TRADER = "closed by the trader"
    BY_HAND = "closed on the exchange by hand"
    LIQUIDATED = "liquidated"
    UNPROTECTED = "its stop could not be placed"
    DATA_LOSS = "no market data"
    DRAWDOWN = "drawdown of the day"
    CLOSE_ALL = "everything was closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPolicy:
    """What a playbook says about leaving a position.

    `maximum_hold` counts from the entry. `data_loss_seconds` without market data flatten the
    position; None for playbooks that leave this to the stop on the exchange.
    """

    maximum_hold: timedelta
    data_loss_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What became of a confirmed intent. At most one per account and symbol is not CLOSED.

    `stop` is the price where the stop is to rest, on the tick grid. `extreme` is the best price
    seen since the second target (None before). `adjusted_quantity` is what somebody added (above
    0) or took (below 0) on the exchange by hand, in base units. `watched_from` is since when the
    venue's fills are read for it. `close_reason` is set from CLOSING on.
    """

    id: int
    intent_id: int
    signal_id: int
    account: str
    user_id: int
    instrument: Instrument
    plan: TradePlan
    exits: ExitPolicy
    state: PositionState
    stop: Decimal
    watched_from: datetime
    extreme: Decimal | None = None
    adjusted_quantity: Decimal = Decimal(0)
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None

    @property
    def symbol(self) -> str:
        """The venue's id of the pair."""
        return self.instrument.symbol

    @property
    def direction(self) -> Direction:
        """Which way it earns."""
        return self.plan.direction

    def after(self, event: PositionEvent) -> "Position":
        """The position one step on. Raises `IllegalTransitionError`."""
        return replace(self, state=POSITION_TRANSITIONS.after(self.state, event))


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionBooks:
    """Everything that is kept of one position: orders and fills oldest first."""

    intent: Intent
    position: Position
    orders: tuple[Order, ...] = ()
    fills: tuple[Fill, ...] = ()
