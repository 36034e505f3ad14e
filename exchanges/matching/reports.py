"""The venue's records in the engine's words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from domain.directions import Direction
from domain.orders import (
    Fill,
    OrderKind,
    OrderReport,
    OrderState,
    Side,
    VenuePosition,
    is_of_venue,
)
from exchanges.matching.positions import HeldPosition
from exchanges.matching.records import (
    ConditionalOrder,
    ConditionalState,
    Execution,
    VenueOrder,
)

_STATES: Final = {
    ConditionalState.NEW: OrderState.RESTING,
    ConditionalState.TRIGGERING: OrderState.TRIGGERED,
    ConditionalState.TRIGGERED: OrderState.TRIGGERED,
    ConditionalState.CANCELLED: OrderState.CANCELLED,
    ConditionalState.EXPIRED: OrderState.EXPIRED,
    ConditionalState.REJECTED: OrderState.EXPIRED,
}


def order_report(order: VenueOrder) -> OrderReport:
    """A plain order as the engine reads it."""
    ticket = order.ticket
    return OrderReport(
        symbol=ticket.symbol,
        client_id=ticket.client_id,
        venue_id=str(order.number),
        state=order.state,
        direction=_direction(ticket.position_side, ticket.side, reduces=ticket.reduce_only),
        side=ticket.side,
        kind=ticket.kind,
        quantity=order.quantity,
        reduces=ticket.reduce_only,
        price=ticket.price,
        filled_quantity=order.filled_quantity,
        average_price=order.average_price,
    )


def conditional_report(
    conditional: ConditionalOrder, engine_order: VenueOrder | None
) -> OrderReport:
    """A conditional order with what became of the market order it triggered, if any.

    Its kind is STOP, whichever way it waits; its quantity is 0 when it closes a whole position
    and has not fired.
    """
    ticket = conditional.ticket
    reduces = ticket.reduce_only or ticket.closes_position
    return OrderReport(
        symbol=ticket.symbol,
        client_id=ticket.client_id,
        venue_id=str(conditional.number),
        state=_state(conditional, engine_order),
        direction=_direction(ticket.position_side, ticket.side, reduces=reduces),
        side=ticket.side,
        kind=OrderKind.STOP,
        quantity=_quantity(conditional, engine_order),
        reduces=reduces,
        trigger=ticket.trigger,
        filled_quantity=engine_order.filled_quantity if engine_order else Decimal(0),
        average_price=engine_order.average_price if engine_order else None,
        engine_id=str(engine_order.number) if engine_order else None,
    )


def _direction(stated: Direction | None, side: Side, *, reduces: bool) -> Direction:
    """The position an order belongs to; in one-way mode its side tells."""
    if stated is not None:
        return stated
    opens = Direction.LONG if side is Side.BUY else Direction.SHORT
    return opens.opposite if reduces else opens


def _state(conditional: ConditionalOrder, engine_order: VenueOrder | None) -> OrderState:
    if conditional.state is ConditionalState.FINISHED and engine_order is not None:
        return engine_order.state
    return _STATES.get(conditional.state, OrderState.TRIGGERED)


def _quantity(conditional: ConditionalOrder, engine_order: VenueOrder | None) -> Decimal:
    if engine_order is not None:
        return engine_order.quantity
    return conditional.ticket.quantity or Decimal(0)


def fill_of(execution: Execution) -> Fill:
    """A fill as the engine reads it."""
    ticket = execution.ticket
    return Fill(
        trade_id=str(execution.number),
        venue_id=str(execution.order_number),
        symbol=ticket.symbol,
        direction=ticket.position_side,
        side=ticket.side,
        price=execution.price,
        quantity=execution.quantity,
        fee=execution.fee,
        fee_currency=execution.currency,
        is_maker=execution.is_maker,
        at=datetime.fromtimestamp(execution.at_ms / 1000, UTC),
        is_liquidation=is_of_venue(ticket.client_id),
    )


def venue_position(position: HeldPosition, liquidation_price: Decimal | None) -> VenuePosition:
    """A position as the engine reads it."""
    return VenuePosition(
        symbol=position.symbol,
        direction=position.direction,
        quantity=position.quantity,
        entry_price=position.entry_price,
        liquidation_price=liquidation_price,
        leverage=position.leverage,
    )
