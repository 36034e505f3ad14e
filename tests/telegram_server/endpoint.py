"""The HTTP side: token, method, fault, journal, envelope."""

import hmac

from aiohttp import web

from tests.telegram_server.call import Call, read_call
from tests.telegram_server.faults import FaultPlan, respond_with
from tests.telegram_server.journal import Journal, JournalEntry, Outcome
from tests.telegram_server.methods import SPELLINGS, carry_out
from tests.telegram_server.refusals import NOT_FOUND, UNAUTHORIZED, RefusedError
from tests.telegram_server.world import World

LARGEST_REQUEST_BYTES = 50 * 1024 * 1024


class Endpoint:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, *, world: World, token: str, journal: Journal, faults: FaultPlan) -> None:
        """Serve one bot."""
        self._world = world
        self._token = token
        self._journal = journal
        self._faults = faults

    def application(self) -> web.Application:
        """Build the web application."""
        application = web.Application(client_max_size=LARGEST_REQUEST_BYTES)
        application.router.add_route("*", "/bot{token:[^/]+}/{method}", self._method)
        application.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._file)
        return application

    async def _method(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return respond_with(Outcome(refusal=UNAUTHORIZED))
        asked = request.match_info["method"]
        method = SPELLINGS.get(asked.lower(), asked)
        try:
            call = await read_call(request, method)
        except RefusedError as error:
            return respond_with(Outcome(refusal=error.refusal))
        return await self._settle(request, call)

    async def _settle(self, request: web.Request, call: Call) -> web.Response:
        """Carry the call out unless a fault forbids it, write it down, and answer."""
        at = self._world.clock.monotonic()
        chat = self._world.chats.find(call.text("chat_id"))
        chat_id = chat.id if chat else None
        fault = self._faults.striking(call.method, chat_id)
        outcome = await self._decide(call) if fault is None or fault.delivers else None
        self._journal.record(
            JournalEntry(
                call=call,
                chat_id=chat_id,
                at=at,
                outcome=outcome,
                fault=type(fault).__name__ if fault else None,
            )
        )
        await self._world.watch.changed()
        if fault is not None:
            return await fault.respond(request, outcome)
        return respond_with(outcome or Outcome())

    async def _decide(self, call: Call) -> Outcome:
        try:
            return Outcome(result=await carry_out(self._world, call))
        except RefusedError as error:
            return Outcome(refusal=error.refusal)

    async def _file(self, request: web.Request) -> web.Response:
        photo = self._world.photos.by_path(request.match_info["path"])
        if not self._knows(request) or photo is None:
            return respond_with(Outcome(refusal=NOT_FOUND))
        return web.Response(body=photo.data, content_type="application/octet-stream")

    def _knows(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.match_info["token"], self._token)
