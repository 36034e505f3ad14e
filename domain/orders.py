"""Orders and fills: what is asked of a venue, what it says, and what became of it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.directions import Direction
from domain.transitions import Transitions


class Side(StrEnum):
    """What an order does to the book."""

    BUY = "buy"
    SELL = "sell"


class OrderRole(StrEnum):
    """What an order is for in the life of its position; the value is its letter in client ids."""

    ENTRY = "e"
    STOP = "s"
    TARGET = "t"
    CLOSE = "c"


class OrderKind(StrEnum):
    """How an order is to be carried out.

    STOP is a conditional market order: Binance keeps those in a second book (the algo service).
    """

    MARKET = "market"
    LIMIT = "limit"
    POST_ONLY = "post-only"
    STOP = "stop"


class OrderState(StrEnum):
    """Where an order stands. Whatever is SENDING or CANCELLING is unknown until the venue says."""

    SENDING = "sending"
    """Written down; the request may have left, may have arrived, may have been carried out."""
    RESTING = "resting"
    CANCELLING = "cancelling"
    TRIGGERED = "triggered"
    """A conditional order has fired; what it fills is still to come."""
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"
    LOST = "lost"
    """The venue does not know it, and it cannot arrive any more."""


class OrderEvent(StrEnum):
    """What moves an order on; REST in a state means that the venue confirmed it again."""

    REST = "rest"
    TRIGGER = "trigger"
    FILL = "fill"
    ASK_CANCEL = "ask cancel"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REFUSE = "refuse"
    LOSE = "lose"


_ENDS: Final = {
    OrderEvent.FILL: OrderState.FILLED,
    OrderEvent.CANCEL: OrderState.CANCELLED,
    OrderEvent.EXPIRE: OrderState.EXPIRED,
}

ORDER_TRANSITIONS: Final = Transitions[OrderState, OrderEvent](
    "order",
    {
        OrderState.SENDING: {
            **_ENDS,
            OrderEvent.REST: OrderState.RESTING,
            OrderEvent.TRIGGER: OrderState.TRIGGERED,
            OrderEvent.REFUSE: OrderState.REFUSED,
            OrderEvent.LOSE: OrderState.LOST,
        },
        OrderState.RESTING: {
            **_ENDS,
            OrderEvent.REST: OrderState.RESTING,
            OrderEvent.TRIGGER: OrderState.TRIGGERED,
            OrderEvent.ASK_CANCEL: OrderState.CANCELLING,
        },
        OrderState.CANCELLING: {
            **_ENDS,
            OrderEvent.REST: OrderState.CANCELLING,
            OrderEvent.TRIGGER: OrderState.TRIGGERED,
        },
        OrderState.TRIGGERED: {**_ENDS, OrderEvent.TRIGGER: OrderState.TRIGGERED},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """What is sent to a venue, complete: sending it again with the same `client_id` is harmless.

    `direction` is that of the position it belongs to (the position side in hedge mode); `reduces`
    says that it may only make that position smaller. `quantity` in base units on the step grid.
    `price` of LIMIT and POST_ONLY, `trigger` of STOP, on the tick grid; None for the others.
    """

    client_id: str
    symbol: str
    direction: Direction
    side: Side
    kind: OrderKind
    quantity: Decimal
    reduces: bool
    price: Decimal | None = None
    trigger: Decimal | None = None

    @property
    def is_conditional(self) -> bool:
        """Whether it rests in the venue's second book, that of conditional orders."""
        return self.kind is OrderKind.STOP


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReport:
    """An order as the venue tells it.

    `state` is RESTING, TRIGGERED, FILLED, CANCELLED, EXPIRED or REFUSED. `filled_quantity` counts
    what was filled of it (of a triggered one: as far as is known); `average_price` is None where
    the venue's answer lacks it. `engine_id` is the id under which the fills of a triggered
    conditional order are booked, None before.
    """

    symbol: str
    client_id: str
    venue_id: str
    state: OrderState
    direction: Direction | None
    side: Side
    kind: OrderKind
    quantity: Decimal
    reduces: bool
    price: Decimal | None = None
    trigger: Decimal | None = None
    filled_quantity: Decimal = Decimal(0)
    average_price: Decimal | None = None
    engine_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order of ours as it is kept.

    `rung` is the number of the target (1 to 3) for targets, 0 otherwise; `attempt` counts from 1
    per position, role and rung. `created_at` is when it was written down, before it was sent.
    `asked_at` is when it was sent again (SENDING), when its cancelling was asked for (CANCELLING;
    None: known to rest still), or when it was first known to have fired (TRIGGERED). `reason` is
    what the venue said of it, or why we want it gone; empty for one that was cancelled by somebody
    else.
    """

    request: OrderRequest
    position_id: int
    account: str
    role: OrderRole
    rung: int
    attempt: int
    state: OrderState
    created_at: datetime
    asked_at: datetime | None = None
    venue_id: str | None = None
    engine_id: str | None = None
    filled_quantity: Decimal = Decimal(0)
    average_price: Decimal | None = None
    reason: str = ""

    @property
    def client_id(self) -> str:
        """The name by which the venue is asked about it."""
        return self.request.client_id

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to it any more."""
        return ORDER_TRANSITIONS.is_final(self.state)

    def after(self, event: OrderEvent) -> "Order":
        """The order one step on. Raises `IllegalTransitionError`."""
        return replace(self, state=ORDER_TRANSITIONS.after(self.state, event))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One execution. `trade_id` is unique per symbol and venue.

    `direction` is that of the position it changed; None where the venue does not tell, and where it
    turned a position of one way into one of the other.
    `venue_id` is the id of the order that the venue books it under (of a conditional order, its
    `engine_id`). `price` in quote currency, `quantity` in base units, both above 0; `fee` above 0
    is paid, in `fee_currency`. `is_liquidation`: the venue closed the position on its own, for want
    of margin, to deleverage, or to settle a pair; false also where it does not tell.
    """

    trade_id: str
    venue_id: str
    symbol: str
    direction: Direction | None
    side: Side
    price: Decimal
    quantity: Decimal
    fee: Decimal
    fee_currency: str
    is_maker: bool
    at: datetime
    is_liquidation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VenuePosition:
    """A position as the venue holds it. `quantity` in base units, above 0."""

    symbol: str
    direction: Direction
    quantity: Decimal
    entry_price: Decimal
    liquidation_price: Decimal | None = None
    leverage: int | None = None


def entry_side(direction: Direction) -> Side:
    """The side that makes a position larger."""
    return Side.BUY if direction is Direction.LONG else Side.SELL


def exit_side(direction: Direction) -> Side:
    """The side that makes a position smaller."""
    return entry_side(direction.opposite)


_OF_VENUE: Final = ("autoclose-", "adl_autoclose", "settlement_autoclose-")
"""How Binance begins the client ids of its own orders (its documentation of order updates)."""


def is_of_venue(client_id: str) -> bool:
    """Whether the venue placed an order itself, to close a position."""
    return client_id.startswith(_OF_VENUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientId:
    """What a client order id is made of: always the same for the same intent and attempt.

    `tag` (6 hexadecimal digits) tells this database's orders from those of any other one.
    """

    tag: str
    intent_id: int
    role: OrderRole
    rung: int
    attempt: int

    def __str__(self) -> str:
        """At most 36 letters, digits and hyphens, as Binance and Bybit take them."""
        return f"q{self.tag}-{self.intent_id}-{self.role}{self.rung}-{self.attempt}"

    @classmethod
    def parse(cls, text: str) -> "ClientId | None":
        """The parts of an id of ours, also of another database; None for any other text."""
        found = _CLIENT_ID.fullmatch(text)
        if found is None:
            return None
        tag, intent_id, role, rung, attempt = found.groups()
        return cls(
            tag=tag,
            intent_id=int(intent_id),
            role=OrderRole(role),
            rung=int(rung),
            attempt=int(attempt),
        )


_CLIENT_ID: Final = re.compile(r"q([0-9a-f]{6})-([0-9]{1,9})-([estc])([0-9])-([0-9]{1,6})")
