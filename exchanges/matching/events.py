"""What happened in an account, in order: material for user-data frames, hints and storage."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.directions import Direction
from exchanges.matching.positions import HeldPosition
from exchanges.matching.records import ConditionalOrder, Execution, VenueOrder


class OrderChange(StrEnum):
    """What changed about a plain order (the venue's execution type)."""

    NEW = "new"
    TRADE = "trade"
    LIQUIDATED = "liquidated"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SHRUNK = "shrunk"
    """A reduce-only order follows its smaller position; the venue tells it as an amendment."""


class BalanceReason(StrEnum):
    """Why the wallet or a position changed."""

    ORDER = "order"
    FUNDING = "funding"
    LIQUIDATION = "liquidation"
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged:
    """A plain order as it is now; `execution` for TRADE and LIQUIDATED."""

    number: int
    at_ms: int
    change: OrderChange
    order: VenueOrder
    execution: Execution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalChanged:
    """A conditional order as it is now."""

    number: int
    at_ms: int
    conditional: ConditionalOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionNow:
    """The place of a position: `held` is None when it is flat.

    `position_side` is None in one-way mode.
    """

    symbol: str
    position_side: Direction | None
    held: HeldPosition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceChanged:
    """The wallet after a change of `amount` (quote currency), and the position it concerns."""

    number: int
    at_ms: int
    reason: BalanceReason
    wallet: Decimal
    amount: Decimal
    position: PositionNow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLiquidated:
    """A position that the venue took: at `price`, with `fee`; `mark` was the price that did it."""

    number: int
    at_ms: int
    position: HeldPosition
    mark: Decimal
    price: Decimal
    fee: Decimal


Event = OrderChanged | ConditionalChanged | BalanceChanged | PositionLiquidated
"""`number` grows by one from event to event of an account; `at_ms` is the time passed in."""
