"""What ccxt is told of an order besides pair, side and quantity."""

from collections.abc import Mapping
from typing import Any

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.orders import OrderKind, OrderRequest
from engine.execution.parameters import StopTrigger
from exchanges.ccxt_broker.dialect import Dialect

_TYPES: Mapping[OrderKind, str] = {
    OrderKind.MARKET: "market",
    OrderKind.LIMIT: "limit",
    OrderKind.POST_ONLY: "limit",
    OrderKind.STOP: "market",
}


def order_type(request: OrderRequest) -> str:
    """ccxt's word for the kind of order; what else it is, the terms say."""
    return _TYPES[request.kind]


def order_terms(
    request: OrderRequest, mode: PositionMode, dialect: Dialect, stop_trigger: StopTrigger
) -> dict[str, Any]:
    """The parameters of an order.

    ccxt turns `reduceOnly` with `hedged` into the position's side, as hedge mode demands. A stop
    is an order of its own: what ccxt calls an attached one protects nothing on Binance.
    """
    terms: dict[str, Any] = {"clientOrderId": request.client_id}
    if request.reduces:
        terms["reduceOnly"] = True
    if mode is PositionMode.HEDGE:
        terms["hedged"] = True
    if request.kind is OrderKind.POST_ONLY:
        terms["postOnly"] = True
    if request.kind is OrderKind.STOP:
        terms["triggerPrice"] = f"{request.trigger:f}"
        terms[dialect.stop_by_name] = dialect.stop_by[stop_trigger]
        if dialect.falls_or_rises:
            falls = request.direction is Direction.LONG
            terms["triggerDirection"] = "descending" if falls else "ascending"
    return terms
