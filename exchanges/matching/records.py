"""What the venue keeps of orders and executions; each change makes a new value."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.orders import OrderState
from exchanges.matching.tickets import ConditionalTicket, Ticket


class EndReason(StrEnum):
    """Why the venue itself ended an order, or what of it was left."""

    NONE = ""
    THIN_BOOK = "the book had no more to take"
    REDUCE_ONLY = "nothing left to reduce"
    POSITION_CLOSED = "the position is closed"
    LIQUIDATED = "the position was liquidated"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueOrder:
    """A plain order at the venue.

    `number` is the venue's id. `quantity` is what it is for now: a reduce-only order shrinks with
    its position. `state` is RESTING (open, perhaps partly filled), FILLED, CANCELLED or EXPIRED.
    `filled_notional` is the sum of price times quantity of its fills. `ahead` is what waits
    before it at its price, in base units; None while that price lies beyond the shown book.
    `conditional_number` is that of the conditional order it came from.
    """

    number: int
    ticket: Ticket
    quantity: Decimal
    created_ms: int
    updated_ms: int
    state: OrderState = OrderState.RESTING
    filled_quantity: Decimal = Decimal(0)
    filled_notional: Decimal = Decimal(0)
    ahead: Decimal | None = None
    conditional_number: int | None = None
    is_liquidation: bool = False
    end_reason: EndReason = EndReason.NONE

    @property
    def remaining(self) -> Decimal:
        """What may still be filled, in base units."""
        return self.quantity - self.filled_quantity

    @property
    def is_open(self) -> bool:
        """Whether it may still be filled or cancelled."""
        return self.state is OrderState.RESTING

    @property
    def average_price(self) -> Decimal | None:
        """Mean price of its fills; None before the first."""
        return self.filled_notional / self.filled_quantity if self.filled_quantity else None


class ConditionalState(StrEnum):
    """Where a conditional order stands. FINISHED: its engine order ended, filled or not."""

    NEW = "new"
    TRIGGERING = "triggering"
    TRIGGERED = "triggered"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalOrder:
    """A conditional order: `number` counts apart from plain orders.

    `engine_number` is the number of the market order that it triggered. `reason` says why it was
    rejected or expired.
    """

    number: int
    ticket: ConditionalTicket
    created_ms: int
    updated_ms: int
    state: ConditionalState = ConditionalState.NEW
    engine_number: int | None = None
    triggered_ms: int | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its price."""
        return self.state is ConditionalState.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """One fill of an order. `number` is the trade id, growing by one per account.

    `price` in quote currency and `quantity` in base units, both above 0; `fee` (paid above 0) and
    `realised` profit, without the fee, in quote currency.
    """

    number: int
    order_number: int
    ticket: Ticket
    price: Decimal
    quantity: Decimal
    fee: Decimal
    currency: str
    realised: Decimal
    is_maker: bool
    at_ms: int
