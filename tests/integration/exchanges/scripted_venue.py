"""A venue on the loopback that remembers what clients ask for, and sends what it is told to."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec
from aiohttp import WSMsgType, web

from exchanges.binance.connection import ConnectionLimits

PATIENT: Final = ConnectionLimits(
    silence=60.0, heartbeat=1.0, check=0.1, first_back_off=0.05, longest_back_off=0.4, overlap=0.3
)
"""Comes back quickly; nothing is found silent or stale unless a test says so."""


@dataclass
class ScriptedVenue:
    """Requests, paths and sockets in the order in which they came, newest last."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    subscribed: list[set[str]] = field(default_factory=list)
    port: int = 0

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.paths.append(request.path)
        self.sockets.append(socket)
        streams = {request.path.rpartition("/")[2]}
        self.subscribed.append(streams)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.requests.append(asked := msgspec.json.decode(message.data))
                change = set.update if asked["method"] == "SUBSCRIBE" else set.difference_update
                change(streams, asked["params"])
                await socket.send_json({"result": None, "id": asked["id"]})
        return socket

    async def send(self, stream: str, *frames: bytes) -> None:
        """Send frames, one straight after the other, to whoever wants streams that contain it."""
        for socket, streams in zip(self.sockets, self.subscribed, strict=True):
            if not socket.closed and any(stream in wanted for wanted in streams):
                for frame in frames:
                    await socket.send_str(frame.decode())

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[tuple[str, set[str]]]:
        return [(one["method"], set(one["params"])) for one in self.requests]

    def wants(self, stream: str) -> bool:
        """Whether somebody wants a stream whose name contains this."""
        return any(stream in name for streams in self.subscribed for name in streams)


@asynccontextmanager
async def scripted_venue(routes: Collection[web.RouteDef] = ()) -> AsyncIterator[ScriptedVenue]:
    """A running venue; `routes` answer before the WebSocket does."""
    venue = ScriptedVenue()
    application = web.Application()
    application.add_routes([*routes, web.get("/{path:.*}", venue.serve)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    venue.port = runner.addresses[0][1]
    try:
        yield venue
    finally:
        await runner.cleanup()


def patient(**limits: Any) -> ConnectionLimits:
    return replace(PATIENT, **limits)
