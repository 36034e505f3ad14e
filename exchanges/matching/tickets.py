"""What is asked of the venue: a plain order, or one that waits for a price."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.orders import OrderKind, OrderRequest, Side


class ConditionalKind(StrEnum):
    """Which way a conditional market order waits for the price.

    A STOP fires when the price has gone against the position it closes (selling: at or below the
    trigger), a TAKE_PROFIT when it has gone for it (selling: at or above).
    """

    STOP = "stop"
    TAKE_PROFIT = "take-profit"


class WorkingPrice(StrEnum):
    """The price that fires a conditional order."""

    MARK = "mark"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A plain order: MARKET, LIMIT or POST_ONLY.

    `quantity` in base units on the step grid; `price` on the tick grid, None for MARKET.
    `position_side` is None in one-way mode and the direction of the position in hedge mode, where
    an order on its closing side is reduce-only by itself.
    """

    client_id: str
    symbol: str
    side: Side
    kind: OrderKind
    quantity: Decimal
    price: Decimal | None = None
    reduce_only: bool = False
    position_side: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalTicket:
    """A conditional market order. Without a `quantity` it closes whatever is open when it fires."""

    client_id: str
    symbol: str
    side: Side
    kind: ConditionalKind
    trigger: Decimal
    quantity: Decimal | None = None
    working: WorkingPrice = WorkingPrice.MARK
    reduce_only: bool = False
    position_side: Direction | None = None

    @property
    def closes_position(self) -> bool:
        """Whether it closes all that is open, however much."""
        return self.quantity is None


def ticket_of(request: OrderRequest, mode: PositionMode) -> Ticket:
    """The plain ticket of an engine's request (MARKET, LIMIT or POST_ONLY)."""
    return Ticket(
        client_id=request.client_id,
        symbol=request.symbol,
        side=request.side,
        kind=request.kind,
        quantity=request.quantity,
        price=request.price,
        reduce_only=request.reduces,
        position_side=_position_side(request, mode),
    )


def conditional_ticket_of(
    request: OrderRequest, mode: PositionMode, working: WorkingPrice = WorkingPrice.MARK
) -> ConditionalTicket:
    """The conditional ticket of an engine's STOP request. Raises `ValueError` without a trigger."""
    if request.trigger is None:
        raise ValueError(f"{request.client_id}: a conditional order needs a trigger price")
    return ConditionalTicket(
        client_id=request.client_id,
        symbol=request.symbol,
        side=request.side,
        kind=ConditionalKind.STOP,
        trigger=request.trigger,
        quantity=request.quantity,
        working=working,
        reduce_only=request.reduces,
        position_side=_position_side(request, mode),
    )


def _position_side(request: OrderRequest, mode: PositionMode) -> Direction | None:
    return request.direction if mode is PositionMode.HEDGE else None
