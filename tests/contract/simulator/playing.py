"""Playing a recording, and clients of it that know nothing of that."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import ccxt.pro
import msgspec

from exchanges.ccxt_client import redirected
from exchanges.recordings import RecordedMessage, Recording, RecordingWriter, Session
from exchanges.simulator import SimulatorSettings
from exchanges.simulator.playback import PlaybackVenue
from tests.contract.simulator.conftest import spawn

BEGUN_NS = 1_767_621_600_000_000_000
BEGUN_MS = BEGUN_NS // 1_000_000


def frame(stream: str, body: bytes, after_ms: int) -> RecordedMessage:
    return RecordedMessage(
        local_ns=BEGUN_NS + after_ms * 1_000_000,
        exchange_ms=BEGUN_MS + after_ms,
        source=stream,
        body=body,
    )


def write(folder: Path, messages: Iterable[RecordedMessage]) -> Path:
    session = Session(begun="", origin="", pairs=("BTCUSDT", "ETHUSDT"), streams=())
    with RecordingWriter(folder, session, rotate_ns=60_000_000_000) as writer:
        for each in messages:
            writer.write(each)
    return folder


def bodies(folder: Path, stream: str) -> list[bytes]:
    return [each.body for each in Recording(folder).messages() if each.source == stream]


@asynccontextmanager
async def held(folder: Path, speed: float, **settings: Any) -> AsyncIterator[PlaybackVenue]:
    """A venue of a recording whose time stands until it is released."""
    venue = PlaybackVenue(
        Recording(folder),
        speed=speed,
        wall=time.monotonic,
        spawn=spawn,
        settings=SimulatorSettings(**settings),
    )
    venue.clock.start()
    venue.clock.hold()
    async with venue:
        yield venue


class Listener:
    """A WebSocket client that takes down every byte it is sent."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
        self._socket = socket

    async def subscribe(self, streams: Sequence[str]) -> None:
        request = {"method": "SUBSCRIBE", "params": list(streams), "id": 1}
        await self._socket.send_str(msgspec.json.encode(request).decode())
        assert await self.hear() == b'{"result":null,"id":1}'

    async def hear(self, within: float = 10.0) -> bytes:
        message = await self._socket.receive(within)
        assert message.type is aiohttp.WSMsgType.TEXT
        heard: bytes = message.data
        return heard

    async def hear_many(self, count: int, within: float = 20.0) -> list[bytes]:
        async with asyncio.timeout(within):
            return [await self.hear() for _ in range(count)]


@asynccontextmanager
async def listening(venue: PlaybackVenue, path: str) -> AsyncIterator[Listener]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(venue.ws_url + path, decode_text=False) as socket,
    ):
        yield Listener(socket)


async def asked(venue: PlaybackVenue, path: str, **params: Any) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.get(venue.rest_url + path, params=params) as answer,
    ):
        return msgspec.json.decode(await answer.read())


@asynccontextmanager
async def ccxt_of(venue: PlaybackVenue) -> AsyncIterator[Any]:
    client = ccxt.pro.binanceusdm(
        {"rateLimit": 1, "options": {"fetchCurrencies": False, "fetchMargins": False}}
    )
    client.urls["api"] = redirected(client.urls["api"], venue.rest_url, venue.ws_url)
    try:
        yield client
    finally:
        await client.close()


async def until_ended(venue: PlaybackVenue) -> None:
    await until_true(lambda: venue.clock.ended)


async def until_true(look: Callable[[], bool], within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while not look():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.05)
