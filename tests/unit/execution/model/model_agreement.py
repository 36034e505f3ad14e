"""What has to agree when nothing is under way: the venue's account and our books."""

from decimal import Decimal
from typing import Final

from domain.orders import ClientId, OrderRole, OrderState
from domain.positions import PositionBooks, PositionState
from engine.execution.books.accounting import ledger_of, open_quantity
from tests.unit.execution.model.model_venue import WALLET, ModelVenue

_ROUNDING: Final = Decimal("0.000001")
"""The venue books money with eight decimals."""


def check_agreement(venue: ModelVenue, books: PositionBooks) -> None:
    """Position, open orders, fills and money."""
    _check_orders(venue, books)
    is_over = books.position.state is PositionState.CLOSED
    if is_over and _was_traded_later(venue, books):
        return
    assert venue.held == (0 if is_over else open_quantity(books))
    assert _told_fills(venue) == {fill.trade_id for fill in books.fills}
    earned = venue.account.wallet - WALLET
    assert abs(earned - ledger_of(books).net) < _ROUNDING, (earned, ledger_of(books).net)


def _check_orders(venue: ModelVenue, books: PositionBooks) -> None:
    assert all(order.is_final or order.state is OrderState.RESTING for order in books.orders)
    believed = {o.client_id for o in books.orders if o.state is OrderState.RESTING}
    open_ids = [each.ticket.client_id for each in venue.account.open_orders()]
    open_ids += [each.ticket.client_id for each in venue.account.open_conditionals()]
    assert {name for name in open_ids if ClientId.parse(name)} == believed
    stops = [o.request.trigger for o in books.orders if o.role is OrderRole.STOP]
    ordered = sorted(stops, key=lambda price: (price or 0) * books.position.direction.sign)
    assert stops == ordered, "a stop was moved back"


def _told_fills(venue: ModelVenue) -> set[str]:
    return {str(each.number) for each in venue.account.executions()}


def _was_traded_later(venue: ModelVenue, books: PositionBooks) -> bool:
    """Whether something was done by hand when the trade was over already."""
    known = {fill.trade_id for fill in books.fills}
    return any(
        str(each.number) not in known and ClientId.parse(each.ticket.client_id) is None
        for each in venue.account.executions()
    )
