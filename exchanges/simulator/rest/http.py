"""Turns endpoints into HTTP handlers: faults, limits, the venue's envelope of errors."""

from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Middleware

from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.faults import Faults
from exchanges.simulator.rest.answers import json_response
from exchanges.simulator.rest.disturbing import HELD_MS, Disturbed, Handler
from exchanges.simulator.rest.endpoints import Endpoint, Query, VenueError
from exchanges.simulator.rest.metering import REQUEST_WEIGHT, LimitReachedError, RequestMeter


def routes(endpoints: Iterable[Endpoint], meter: RequestMeter) -> list[web.RouteDef]:
    """Routes for an aiohttp application."""
    return [
        web.route(endpoint.method, endpoint.path, _handler(endpoint, meter))
        for endpoint in endpoints
    ]


def fault_middleware(faults: Faults, clock: SimulatorClock) -> Middleware:
    """Lets faults delay or replace the answer to any request outside the control paths."""

    @web.middleware
    async def disturb(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not faults.any or request.path.startswith("/simulator/"):
            return await handler(request)
        return await Disturbed(request, faults, clock.now_ms(), await _subject(request)).by(handler)

    return disturb


def held_ms(request: web.Request) -> int | None:
    """The exchange time at which a REST_STALE fault holds a guest's answer; None without one."""
    return request.get(HELD_MS)


def _handler(endpoint: Endpoint, meter: RequestMeter) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        query = Query(request.query)
        try:
            meter.charge(endpoint.pool, endpoint.weight(query))
            payload = endpoint.answer(query)
        except LimitReachedError as error:
            return limit_reached(error, request.remote)
        except VenueError as error:
            body = {"code": error.code, "msg": error.message}
            return json_response(body, error.status, weight_headers(meter))
        return json_response(payload, headers=weight_headers(meter))

    return handle


def weight_headers(meter: RequestMeter) -> dict[str, str]:
    """The header that tells how much weight was used."""
    return {"X-MBX-USED-WEIGHT-1M": str(meter.used(REQUEST_WEIGHT))}


def limit_reached(error: LimitReachedError, address: str | None) -> web.Response:
    """The answer to a request that does not fit into its limit any more."""
    message = (
        f"Too many requests; current limit of IP({address}) is {error.limit} requests per minute. "
        "Please use the websocket for live updates to avoid polling the API."
    )
    headers = {"Retry-After": str(error.retry_after_seconds)}
    return json_response({"code": -1003, "msg": message}, 429, headers)


async def _subject(request: web.Request) -> str:
    """A request as faults are matched against it: method, path, and what query and body say."""
    body = (await request.read()).decode("utf-8", "replace") if request.can_read_body else ""
    parameters = "&".join(part for part in (request.query_string, body) if part)
    return f"{request.method} {request.path}?{parameters}"
