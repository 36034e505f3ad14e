"""A web server that takes what `json://` sends, and answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

PASSWORD = "hunter2-of-the-mail"
TOKEN = "T0KEN-in-the-path"


@dataclass
class Webhook:
    """What came in, and how it is answered.

    `came` is set by the first message; an answer waits until `silence` is set, if there is one.
    """

    port: int = 0
    status: int = 200
    silence: asyncio.Event | None = None
    taken: list[dict[str, Any]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        return f"json://operator:{PASSWORD}@127.0.0.1:{self.port}/hooks/{TOKEN}"

    async def answer(self, request: web.Request) -> web.Response:
        self.taken.append(await request.json())
        self.came.set()
        if self.silence is not None:
            await self.silence.wait()
        return web.Response(status=self.status, text=f"no {TOKEN} for you")


@asynccontextmanager
async def listening_webhook() -> AsyncIterator[Webhook]:
    hook = Webhook()
    application = web.Application()
    application.router.add_post("/hooks/{token}", hook.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hook.port = runner.addresses[0][1]
        yield hook
    finally:
        if hook.silence is not None:
            hook.silence.set()
        await runner.cleanup()


@asynccontextmanager
async def endless_answer() -> AsyncIterator[int]:
    """The port of a server that sends a bit of a header now and then, until this ends."""
    ended = asyncio.Event()

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not ended.is_set():
            writer.write(b"X-More: x\r\n")
            await writer.drain()
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), 0.05)
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        ended.set()
        server.close()
        await server.wait_closed()
