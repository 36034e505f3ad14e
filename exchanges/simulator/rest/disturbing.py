"""What faults do to one request: hold it up, lose it, answer it otherwise than it deserves."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from exchanges.simulator.faults import Fault, FaultKind, Faults
from exchanges.simulator.rest.answers import json_response
from exchanges.simulator.rest.spoiling import cut_short, with_wrong_types

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HELD_MS: Final = web.RequestKey("held_ms", int)

NO_CODE: Final = 0
"""Code of a fault whose answer has none: the venue's 503 with an unknown outcome."""

_FAULT_CODES: Final = {408: -1007, 418: -1003, 429: -1003, 503: -1008}
_HTML_PAGE: Final = (
    "<html><head><title>502 Bad Gateway</title></head><body>cloudfront</body></html>"
)


class Disturbed:
    """A request on its way through the faults at work; `subject` is what they are matched with."""

    def __init__(self, request: web.Request, faults: Faults, now_ms: int, subject: str) -> None:
        self._request = request
        self._faults = faults
        self._now_ms = now_ms
        self._subject = subject

    async def by(self, handler: Handler) -> web.StreamResponse:
        """The answer that the client gets; the handler may be asked without it, or not at all."""
        delay = self._take(FaultKind.REST_DELAY)
        if delay is not None:
            await asyncio.sleep(delay.delay_seconds)
        instead = await self._before()
        if instead is not None:
            return instead
        standstill = self._faults.standstill(self._subject, self._now_ms)
        if standstill is not None:
            self._request[HELD_MS] = standstill
        return await self._after(await handler(self._request))

    async def _before(self) -> web.StreamResponse | None:
        """What is answered instead of carrying the request out, None to carry it out."""
        lost = self._take(FaultKind.REST_REQUEST_LOST)
        if lost is not None:
            return await self._silence(lost)
        refusal = self._take(FaultKind.REST_STATUS)
        if refusal is not None:
            return _worded(refusal, self._now_ms)
        page = self._take(FaultKind.REST_HTML)
        if page is not None:
            return web.Response(text=_HTML_PAGE, status=page.status, content_type="text/html")
        return None

    async def _after(self, response: web.StreamResponse) -> web.StreamResponse:
        """What becomes of the answer to a request that was carried out."""
        if not isinstance(response, web.Response):
            return response
        late = self._take(FaultKind.REST_ANSWER_DELAY)
        if late is not None:
            await asyncio.sleep(late.delay_seconds)
        lost = self._take(FaultKind.REST_ANSWER_LOST)
        if lost is not None:
            return await self._silence(lost)
        replaced = self._take(FaultKind.REST_ANSWER_REPLACED)
        if replaced is not None:
            return _worded(replaced, self._now_ms)
        return self._spoiled(response)

    async def _silence(self, fault: Fault) -> web.StreamResponse:
        """End the connection without an answer."""
        await asyncio.sleep(fault.delay_seconds)
        if self._request.transport is not None:
            self._request.transport.abort()
        return web.Response()

    def _spoiled(self, response: web.Response) -> web.Response:
        if self._take(FaultKind.REST_MALFORMED) is not None:
            return cut_short(response)
        if self._take(FaultKind.REST_WRONG_TYPE) is not None:
            return with_wrong_types(response)
        return response

    def _take(self, kind: FaultKind) -> Fault | None:
        return self._faults.take(kind, self._subject, self._now_ms)


def _worded(fault: Fault, now_ms: int) -> web.Response:
    """The answer that a fault dictates, in the venue's words where it has none of its own."""
    headers: dict[str, str] = {}
    if fault.retry_after_seconds is not None:
        headers["Retry-After"] = str(fault.retry_after_seconds)
    code = _code(fault)
    message = _usual_text(fault, code, now_ms) if fault.text is None else fault.text
    body = {"msg": message} if code == NO_CODE else {"code": code, "msg": message}
    return json_response(body, fault.status, headers)


def _code(fault: Fault) -> int:
    if fault.code is not None:
        return fault.code
    unknown = fault.kind is FaultKind.REST_ANSWER_REPLACED and fault.status == 503
    return NO_CODE if unknown else _FAULT_CODES.get(fault.status, -1000)


def _usual_text(fault: Fault, code: int, now_ms: int) -> str:
    if code == NO_CODE:
        return "Unknown error, please check your request or try again later."
    if fault.status == 418:
        until = now_ms + (fault.retry_after_seconds or 120) * 1000
        return f"Way too many requests; IP banned until {until}."
    if fault.status == 429:
        return "Too many requests; current limit is 2400 requests per minute."
    if code == -1007:
        return (
            "Timeout waiting for response from backend server. "
            "Send status unknown; execution status unknown."
        )
    return "Service unavailable."
