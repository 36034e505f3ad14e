"""The hand at the venue: moves a price, looks into an account, acts as its owner on the screen."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from domain.errors import ConfigurationError
from exchanges.simulator.rest.answers import json_response
from exchanges.simulator.rest.endpoints import VenueError
from exchanges.simulator.trading.accounts import USUAL_ACCOUNT
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.entrance import SentRequest
from exchanges.simulator.trading.rest.endpoint import PrivateEndpoint
from exchanges.simulator.trading.rest.http import answered
from exchanges.simulator.trading.rest.order_rows import algo_row, fill_row, order_row
from exchanges.simulator.trading.rest.standing import (
    PositionStanding,
    balance_row,
    position_row,
    standings,
)
from exchanges.simulator.trading.trader import Trader


class MoveOrder(msgspec.Struct, forbid_unknown_fields=True):
    """`percent` (2.5 is up 2.5 %) of the last price, or the `price` itself."""

    symbol: str
    percent: float | None = None
    price: float | None = None


class HandOrder(msgspec.Struct, forbid_unknown_fields=True):
    """A request of the venue's REST for an account, by its name and without a signature."""

    path: str
    method: str = "POST"
    account: str = USUAL_ACCOUNT.name
    parameters: Mapping[str, str | float | bool] = {}


class CloseOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Close the positions of an account at market: of one symbol, or all."""

    account: str = USUAL_ACCOUNT.name
    symbol: str | None = None


class HandPaths:
    """More control over HTTP, under /simulator. No fault disturbs it."""

    def __init__(self, desk: TradingDesk, endpoints: Iterable[PrivateEndpoint]) -> None:
        self._desk = desk
        self._endpoints = {(one.method, one.path): one for one in endpoints}

    def routes(self) -> list[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [
            web.get("/simulator/account", self._guarded(self._show)),
            web.post("/simulator/move", self._guarded(self._move)),
            web.post("/simulator/hand", self._guarded(self._act)),
            web.post("/simulator/close", self._guarded(self._close)),
        ]

    def _guarded(
        self, answer: Callable[[web.Request], Awaitable[object]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                return json_response(await answer(request))
            except (msgspec.MsgspecError, ConfigurationError) as error:
                return json_response({"error": str(error)}, 400)
            except VenueError as error:
                return json_response({"code": error.code, "msg": error.message}, error.status)

        return handle

    async def _show(self, request: web.Request) -> object:
        """Orders, conditional orders, positions, fills and balance of an account."""
        trader = self._desk.named(request.query.get("account", USUAL_ACCOUNT.name))
        self._desk.advance(trader)
        books, numbers = trader.books, trader.numbers
        return {
            "balance": balance_row(self._desk, trader),
            "positions": [
                position_row(row) for row in standings(self._desk, trader, None) if row.size
            ],
            "orders": [order_row(order, numbers) for order in books.open_orders()],
            "conditionals": [algo_row(each, None, numbers) for each in books.open_conditionals()],
            "fills": [fill_row(fill, numbers) for fill in books.executions()],
        }

    async def _move(self, request: web.Request) -> object:
        """Let a pair jump; the answer tells its price in the next millisecond."""
        order = msgspec.json.decode(await request.read(), type=MoveOrder)
        floor = self._desk.floor
        pair = floor.find(order.symbol)
        if pair is None or (order.percent is None) == (order.price is None):
            raise ConfigurationError(
                "a move needs a listed symbol, and either percent or price: "
                '{"symbol": "BTCUSDT", "percent": -1.5}'
            )
        last = floor.tape.last_price(pair, floor.now_ms()) * pair.contract.prices.size
        factor = order.price / last if order.price else 1.0 + (order.percent or 0.0) / 100.0
        floor.move(order.symbol, factor)
        return {"symbol": order.symbol, "price": last * factor, "from": last}

    async def _act(self, request: web.Request) -> object:
        """Carry out one request of an account, as its owner would on the venue's own screen."""
        order = msgspec.json.decode(await request.read(), type=HandOrder)
        return self._carried_out(self._desk.named(order.account), order)

    async def _close(self, request: web.Request) -> object:
        """Close positions at market; open orders stay."""
        order = msgspec.json.decode(await request.read(), type=CloseOrder)
        trader = self._desk.named(order.account)
        self._desk.advance(trader)
        rows = standings(self._desk, trader, order.symbol)
        return [self._carried_out(trader, _closing(row)) for row in rows if row.size]

    def _carried_out(self, trader: Trader, order: HandOrder) -> Any:
        endpoint = self._endpoints.get((order.method, order.path))
        if endpoint is None:
            raise ConfigurationError(f"the venue has no {order.method} {order.path}")
        words = {name: _word(value) for name, value in order.parameters.items()}
        sent = SentRequest(trader.account.api_key, urlencode(words), "")
        return answered(endpoint, self._desk, trader, sent)


def _word(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _closing(row: PositionStanding) -> HandOrder:
    """The market order that closes a position."""
    parameters: dict[str, str | float | bool] = {
        "symbol": row.symbol,
        "side": "SELL" if row.size > 0 else "BUY",
        "type": "MARKET",
        "quantity": f"{abs(row.size):f}",
        "positionSide": row.side,
        "newOrderRespType": "RESULT",
    }
    if row.side == "BOTH":
        parameters["reduceOnly"] = True
    return HandOrder(path="/fapi/v1/order", parameters=parameters)
