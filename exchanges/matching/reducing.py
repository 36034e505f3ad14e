"""Which orders may only make a position smaller, and how much there is for them to reduce."""

from decimal import Decimal

from domain.orders import exit_side
from exchanges.matching.register import Register, Slot
from exchanges.matching.tickets import ConditionalTicket, Ticket


def slot_of(ticket: Ticket | ConditionalTicket) -> Slot:
    """The place of the position that a ticket is about."""
    return ticket.symbol, ticket.position_side


def only_reduces(ticket: Ticket | ConditionalTicket) -> bool:
    """Whether an order may never enlarge a position: in hedge mode by its side alone."""
    if ticket.position_side is None:
        return ticket.reduce_only
    return ticket.reduce_only or ticket.side is exit_side(ticket.position_side)


def reducible(register: Register, ticket: Ticket | ConditionalTicket) -> Decimal:
    """How much of a position the side of a ticket would close, in base units."""
    held = register.state.positions.get(slot_of(ticket))
    if held is None or ticket.side is not exit_side(held.direction):
        return Decimal(0)
    return held.quantity
