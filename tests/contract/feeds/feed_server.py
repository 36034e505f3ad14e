"""A real local HTTP server that answers as a script says, and providers that ask it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from pathlib import Path
from typing import Any

import httpx
import msgspec
from aiohttp import web

from engine.ports.clock import Clock
from feeds.malformed import MalformedPayloads
from feeds.patience import Patience
from feeds.provider import Provider, ProviderPlan
from tests.fakes.clock import HandClock

QUICK = Patience(
    timeout_seconds=2.0,
    first_pause_seconds=0.01,
    longest_pause_seconds=2.0,
    failures_before_rest=50,
    rest_seconds=0.2,
)
"""Nobody waits in a test; the breaker stays out of the way unless it is what is tested."""


@dataclass
class FeedServer:
    """Answers every path from `answers` (exact path; "" for any other), and notes what was asked.

    A list is used up one by one, its last answer stays.
    """

    url: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        answer = self.answers.get(request.path, self.answers.get(""))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if answer is None:
            return web.Response(status=404, text="no such path")
        if callable(answer):
            answer = answer(request)
            if isawaitable(answer):
                answer = await answer
        return answer if isinstance(answer, web.StreamResponse) else as_response(answer)


def as_response(answer: Any) -> web.Response:
    """An int is a status, bytes and text are bodies, anything else is JSON."""
    if isinstance(answer, int):
        return web.Response(status=answer)
    if isinstance(answer, bytes):
        return web.Response(body=answer, content_type="application/json")
    if isinstance(answer, str):
        return web.Response(text=answer, content_type="text/html")
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json")


@asynccontextmanager
async def feed_server(answers: dict[str, Any] | None = None) -> AsyncIterator[FeedServer]:
    """A server on a free port of loopback."""
    server = FeedServer(answers=dict(answers or {}))
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def provider_of(
    base_url: str, folder: Path, *, clock: Clock | None = None, **plan: Any
) -> AsyncIterator[Provider]:
    """A provider over real httpx, at a pace and patience made for tests."""
    usual: dict[str, Any] = {
        "name": "provider",
        "every_seconds": 60.0,
        "requests_per_minute": 60_000.0,
    }
    async with httpx.AsyncClient() as http:
        yield Provider(
            ProviderPlan(base_url=base_url, **({"patience": QUICK} | usual | plan)),
            http=http,
            clock=clock or HandClock(),
            jitter=lambda: 0.5,
            malformed=MalformedPayloads(folder),
        )


@asynccontextmanager
async def asking(
    answers: dict[str, Any], folder: Path, **plan: Any
) -> AsyncIterator[tuple[FeedServer, Provider]]:
    """A scripted server and a provider that asks it."""
    async with feed_server(answers) as server, provider_of(server.url, folder, **plan) as provider:
        yield server, provider
