"""A wire to a venue that notes when each request passes, and when its answer comes back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A request that has passed: `path` without its query; both instants in seconds."""

    path: str
    sent_at: float
    answered_at: float


@dataclass
class Wire:
    """`url` is where clients connect; `orders` are the POST requests that were answered."""

    url: str
    posts: list[Passed] = field(default_factory=list)

    def newest(self, path: str, since: float) -> Passed | None:
        """The first POST to a path that was sent at or after an instant and answered."""
        return next(
            (each for each in self.posts if each.path == path and each.sent_at >= since), None
        )


@asynccontextmanager
async def open_wire(rest_url: str) -> AsyncIterator[Wire]:
    """A wire to the venue at `rest_url`, on a port of its own."""
    venue = urlsplit(rest_url)
    wire = Wire("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(venue.hostname, venue.port)
        asked: list[tuple[str, float]] = []
        pumps = (_forward(reader, far_writer, asked), _back(far_reader, writer, asked, wire))
        await asyncio.gather(*pumps, return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()


async def _forward(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: list[tuple[str, float]]
) -> None:
    """From the client to the venue: a client waits for each answer before it asks again."""
    while data := await reader.read(_MOST_BYTES):
        if data.startswith(b"POST "):
            path = data.split(b" ", 2)[1].partition(b"?")[0].decode()
            asked.append((path, time.perf_counter()))
        writer.write(data)
    writer.close()


async def _back(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    asked: list[tuple[str, float]],
    wire: Wire,
) -> None:
    while data := await reader.read(_MOST_BYTES):
        if asked and data.startswith(b"HTTP/1.1 "):
            path, sent_at = asked.pop()
            passed = Passed(path=path, sent_at=sent_at, answered_at=time.perf_counter())
            wire.posts.append(passed)
        writer.write(data)
    writer.close()
