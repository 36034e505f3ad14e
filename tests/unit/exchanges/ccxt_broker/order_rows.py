"""Orders as they are asked for, and as Binance tells them."""

from decimal import Decimal
from typing import Any

from domain.directions import Direction
from domain.orders import OrderKind, OrderRequest, Side

CLIENT_ID = "qabc123-7-e0-1"


def request(**changes: Any) -> OrderRequest:
    """A market entry, long 0.012 BTC, but for what is given."""
    values: dict[str, Any] = {
        "client_id": CLIENT_ID,
        "symbol": "BTCUSDT",
        "direction": Direction.LONG,
        "side": Side.BUY,
        "kind": OrderKind.MARKET,
        "quantity": Decimal("0.012"),
        "reduces": False,
    }
    return OrderRequest(**values | changes)


def limit(price: str = "20000.1", **changes: Any) -> OrderRequest:
    return request(**{"kind": OrderKind.LIMIT, "price": Decimal(price), **changes})


def stop(trigger: str = "19000.5", **changes: Any) -> OrderRequest:
    values = {
        "client_id": "qabc123-7-s0-1",
        "kind": OrderKind.STOP,
        "side": Side.SELL,
        "reduces": True,
        "trigger": Decimal(trigger),
    }
    return request(**values | changes)


def plain_row(**changes: Any) -> dict[str, Any]:
    """What Binance answers about a plain order."""
    row = {
        "orderId": 4711,
        "symbol": "BTCUSDT",
        "status": "NEW",
        "clientOrderId": CLIENT_ID,
        "price": "0",
        "origQty": "0.012",
        "executedQty": "0",
        "timeInForce": "GTC",
        "type": "MARKET",
        "reduceOnly": False,
        "side": "BUY",
        "positionSide": "BOTH",
        "stopPrice": "0",
        "updateTime": 1772452800000,
    }
    return row | changes


def algo_row(**changes: Any) -> dict[str, Any]:
    """What Binance answers about a conditional order."""
    row = {
        "algoId": 990,
        "clientAlgoId": "qabc123-7-s0-1",
        "algoType": "CONDITIONAL",
        "orderType": "STOP_MARKET",
        "symbol": "BTCUSDT",
        "side": "SELL",
        "positionSide": "BOTH",
        "timeInForce": "GTC",
        "quantity": "0.012",
        "algoStatus": "NEW",
        "actualOrderId": "",
        "actualPrice": "0",
        "triggerPrice": "19000.5",
        "price": "0",
        "workingType": "MARK_PRICE",
        "closePosition": False,
        "reduceOnly": True,
        "createTime": 1772452800000,
        "updateTime": 1772452800000,
    }
    return row | changes
