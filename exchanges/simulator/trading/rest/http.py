"""Turns endpoints of accounts into HTTP handlers: key, signature, limits, answer, events."""

from collections.abc import Iterable

from aiohttp import web

from exchanges.simulator.rest.answers import json_response
from exchanges.simulator.rest.disturbing import Handler
from exchanges.simulator.rest.endpoints import VenueError
from exchanges.simulator.rest.http import limit_reached, weight_headers
from exchanges.simulator.rest.metering import (
    REQUEST_WEIGHT,
    LimitReachedError,
    RequestMeter,
)
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.entrance import Entrance, SentRequest, no_permission
from exchanges.simulator.trading.rest.endpoint import Access, PrivateEndpoint
from exchanges.simulator.trading.trader import Trader


def private_routes(
    endpoints: Iterable[PrivateEndpoint], desk: TradingDesk, meter: RequestMeter
) -> list[web.RouteDef]:
    """Routes for an aiohttp application."""
    entrance = Entrance(desk.floor.clock)
    return [
        web.route(one.method, one.path, _handler(one, desk, meter, entrance)) for one in endpoints
    ]


def _handler(
    endpoint: PrivateEndpoint, desk: TradingDesk, meter: RequestMeter, entrance: Entrance
) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        sent = SentRequest(
            request.headers.get("X-MBX-APIKEY"),
            request.rel_url.raw_query_string,
            (await request.read()).decode("utf-8", "replace"),
        )
        headers: dict[str, str] = {}
        try:
            meter.charge(REQUEST_WEIGHT, endpoint.weight(sent.parameters))
            trader = _let_in(endpoint, entrance, sent, desk)
            headers = _charged(endpoint, trader)
            payload = answered(endpoint, desk, trader, sent)
        except LimitReachedError as error:
            return limit_reached(error, request.remote)
        except VenueError as error:
            body = {"code": error.code, "msg": error.message}
            return json_response(body, error.status, weight_headers(meter) | headers)
        return json_response(payload, headers=weight_headers(meter) | headers)

    return handle


def answered(
    endpoint: PrivateEndpoint, desk: TradingDesk, trader: Trader, sent: SentRequest
) -> object:
    """Carry out a request of an account, and pass on what came of it."""
    desk.advance(trader)
    try:
        return endpoint.answer(trader, sent.parameters)
    finally:
        desk.tell(trader)


def _let_in(
    endpoint: PrivateEndpoint, entrance: Entrance, sent: SentRequest, desk: TradingDesk
) -> Trader:
    if endpoint.access is Access.KEY:
        return entrance.keyed(sent, desk.traders)
    trader = entrance.signed(sent, desk.traders)
    if endpoint.access is Access.SIGNATURE and not trader.account.can_trade:
        raise no_permission()
    return trader


def _charged(endpoint: PrivateEndpoint, trader: Trader) -> dict[str, str]:
    """Count an order; returns the headers that tell how many there were."""
    if not endpoint.is_order:
        return {}
    try:
        trader.charge_order()
    except LimitReachedError as error:
        raise VenueError(
            -1015, f"Too many new orders; current limit is {error.limit} orders.", status=429
        ) from None
    return trader.order_counts
