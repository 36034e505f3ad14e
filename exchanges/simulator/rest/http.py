"""Turns endpoints into HTTP handlers: faults, limits, the venue's envelope of errors."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.faults import Fault, FaultKind, Faults
from exchanges.simulator.rest.endpoints import Endpoint, Query, VenueError
from exchanges.simulator.rest.metering import REQUEST_WEIGHT, LimitReachedError, RequestMeter
from exchanges.simulator.rest.spoiling import cut_short, with_wrong_types

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HELD_MS = web.RequestKey("held_ms", int)

_FAULT_CODES = {418: -1003, 429: -1003, 503: -1008}
_HTML_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>cloudfront</body></html>"


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
        now = clock.now_ms()
        delay = faults.take(FaultKind.REST_DELAY, request.path, now)
        if delay is not None:
            await asyncio.sleep(delay.delay_seconds)
        refusal = faults.take(FaultKind.REST_STATUS, request.path, now)
        if refusal is not None:
            return _refusal(refusal, now)
        page = faults.take(FaultKind.REST_HTML, request.path, now)
        if page is not None:
            return web.Response(text=_HTML_PAGE, status=page.status, content_type="text/html")
        standstill = faults.standstill(request.path, now)
        if standstill is not None:
            request[_HELD_MS] = standstill
        return _spoiled(await handler(request), faults, request.path, now)

    return disturb


def held_ms(request: web.Request) -> int | None:
    """The exchange time at which a REST_STALE fault holds a guest's answer; None without one."""
    return request.get(_HELD_MS)


def json_response(
    payload: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """A JSON answer."""
    return web.Response(
        body=msgspec.json.encode(payload),
        status=status,
        content_type="application/json",
        headers=headers,
    )


def _handler(endpoint: Endpoint, meter: RequestMeter) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        query = Query(request.query)
        try:
            meter.charge(endpoint.pool, endpoint.weight(query))
            payload = endpoint.answer(query)
        except LimitReachedError as error:
            return _limit_reached(error, request.remote)
        except VenueError as error:
            body = {"code": error.code, "msg": error.message}
            return json_response(body, error.status, _headers(meter))
        return json_response(payload, headers=_headers(meter))

    return handle


def _spoiled(
    response: web.StreamResponse, faults: Faults, path: str, now_ms: int
) -> web.StreamResponse:
    if not isinstance(response, web.Response):
        return response
    if faults.take(FaultKind.REST_MALFORMED, path, now_ms) is not None:
        return cut_short(response)
    if faults.take(FaultKind.REST_WRONG_TYPE, path, now_ms) is not None:
        return with_wrong_types(response)
    return response


def _headers(meter: RequestMeter) -> dict[str, str]:
    return {"X-MBX-USED-WEIGHT-1M": str(meter.used(REQUEST_WEIGHT))}


def _limit_reached(error: LimitReachedError, address: str | None) -> web.Response:
    message = (
        f"Too many requests; current limit of IP({address}) is {error.limit} requests per minute. "
        "Please use the websocket for live updates to avoid polling the API."
    )
    headers = {"Retry-After": str(error.retry_after_seconds)}
    return json_response({"code": -1003, "msg": message}, 429, headers)


def _refusal(fault: Fault, now_ms: int) -> web.Response:
    headers: dict[str, str] = {}
    if fault.retry_after_seconds is not None:
        headers["Retry-After"] = str(fault.retry_after_seconds)
    message = "Service unavailable."
    if fault.status == 418:
        until = now_ms + (fault.retry_after_seconds or 120) * 1000
        message = f"Way too many requests; IP banned until {until}."
    elif fault.status == 429:
        message = "Too many requests; current limit is 2400 requests per minute."
    body = {"code": _FAULT_CODES.get(fault.status, -1000), "msg": message}
    return json_response(body, fault.status, headers)
