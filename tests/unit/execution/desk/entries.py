"""Entries as they are kept, for tests."""

from domain.directions import Direction
from domain.orders import ClientId, Order, OrderKind, OrderRequest, OrderRole, OrderState, Side
from domain.positions import PositionBooks
from tests.unit.execution.desk.desk_floor import BTC, QUANTITY, TAG


def make_entry(books: PositionBooks, state: OrderState = OrderState.SENDING) -> Order:
    name = ClientId(tag=TAG, intent_id=books.intent.id, role=OrderRole.ENTRY, rung=0, attempt=1)
    request = OrderRequest(
        client_id=str(name),
        symbol=BTC.symbol,
        direction=Direction.LONG,
        side=Side.BUY,
        kind=OrderKind.MARKET,
        quantity=QUANTITY,
        reduces=False,
    )
    return Order(
        request=request,
        position_id=1,
        account=books.position.account,
        role=OrderRole.ENTRY,
        rung=0,
        attempt=1,
        state=state,
        created_at=books.intent.created_at,
    )
