"""BinanceKlineStream against a server that says exactly what the test wants."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from domain.timeframes import Timeframe
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.kline_stream import KlineListener, Values
from tests.contract.exchanges.live_bench import QUICK
from tests.unit.exchanges.fakes import WallClock, soon

M1_INDEX = 29_000_000


@dataclass
class ScriptedVenue:
    """Remembers what clients ask for, and sends what it is told to."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    url: str = ""

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.paths.append(request.path)
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.requests.append(asked := msgspec.json.decode(message.data))
                await socket.send_json({"result": None, "id": asked["id"]})
        return socket

    async def send(self, **changes: Any) -> None:
        await self.sockets[-1].send_json(kline_event(**changes))

    @property
    def asked(self) -> list[tuple[str, set[str]]]:
        return [(one["method"], set(one["params"])) for one in self.requests]


def kline_event(symbol: str = "BTCUSDT", **changes: Any) -> dict[str, Any]:
    candle = {
        "t": M1_INDEX * 60_000,
        "i": "1m",
        "o": "2.0",
        "h": "3.0",
        "l": "1.0",
        "c": "2.5",
        "v": "10",
        "V": "4",
        "x": True,
    }
    event = {"e": "kline", "E": 1, "s": symbol, "st": 1, "k": candle}
    for name, value in changes.items():
        (candle if name in candle else event)[name] = value
    return event


@dataclass
class Heard(KlineListener):
    """Everything that a listener was told."""

    klines: list[tuple[str, Timeframe, int, Values, bool]] = field(default_factory=list)
    gaps: list[set[str]] = field(default_factory=list)

    def on_kline(
        self,
        symbol: str,
        timeframe: Timeframe,
        index: int,
        values: Values,
        is_final: bool,
        received: float,
    ) -> None:
        self.klines.append((symbol, timeframe, index, values, is_final))

    def on_gap(self, symbols: Collection[str]) -> None:
        self.gaps.append(set(symbols))


@asynccontextmanager
async def listening(
    symbols: Collection[str] = ("BTCUSDT",), **limits: Any
) -> AsyncIterator[tuple[ScriptedVenue, BinanceKlineStream, Heard]]:
    venue, heard = ScriptedVenue(), Heard()
    application = web.Application()
    application.add_routes([web.get("/{path:.*}", venue.serve)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    venue.url = f"ws://127.0.0.1:{runner.addresses[0][1]}"
    quick = replace(QUICK, silence=60.0, **limits)
    stream = BinanceKlineStream(WallClock(), lambda: 0.5, base_url=venue.url, limits=quick)
    stream.set_symbols(symbols)
    running = asyncio.create_task(stream.run(heard))
    try:
        await soon(lambda: not symbols or bool(venue.requests))
        yield venue, stream, heard
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await runner.cleanup()


def names(symbol: str) -> set[str]:
    return {f"{symbol.lower()}@kline_{timeframe}" for timeframe in Timeframe}


async def test_it_dials_the_market_route_and_subscribes_every_timeframe() -> None:
    async with listening() as (venue, _, _):
        assert venue.paths[0].startswith("/market/ws/btcusdt@kline_")
        dialled = venue.paths[0].rpartition("/")[2]
        assert venue.asked == [("SUBSCRIBE", names("BTCUSDT") - {dialled})]


async def test_a_frame_reaches_the_listener_as_numbers() -> None:
    async with listening() as (venue, _, heard):
        await venue.send()
        await venue.send(x=False, c="2.75")
        await soon(lambda: len(heard.klines) == 2)

        values = (2.0, 3.0, 1.0, 2.5, 10.0, 4.0)
        assert heard.klines[0] == ("BTCUSDT", Timeframe.M1, M1_INDEX, values, True)
        assert heard.klines[1][3:] == ((2.0, 3.0, 1.0, 2.75, 10.0, 4.0), False)


async def test_frames_of_other_markets_and_pairs_are_passed_over() -> None:
    async with listening() as (venue, stream, heard):
        await venue.send(st=2)
        await venue.send(symbol="BTCUSD_PERP", st=2)
        await venue.send(symbol="ETHUSDT")
        await venue.send(i="3m")
        await venue.send()
        await soon(lambda: bool(heard.klines))

        assert len(heard.klines) == 1
        assert stream.health().bad_frames == 0


async def test_a_candle_off_the_grid_is_a_bad_frame() -> None:
    async with listening() as (venue, stream, heard):
        await venue.send(t=M1_INDEX * 60_000 + 1)
        await venue.send()
        await soon(lambda: bool(heard.klines))

        assert len(heard.klines) == 1
        assert stream.health().bad_frames == 1


async def test_only_changes_are_asked_for_on_the_open_socket() -> None:
    async with listening(["BTCUSDT", "ETHUSDT"]) as (venue, stream, heard):
        stream.set_symbols(["ETHUSDT", "SOLUSDT"])
        await soon(lambda: len(venue.requests) == 3)
        stream.set_symbols(["ETHUSDT", "SOLUSDT"])
        await venue.send()
        await venue.send(symbol="SOLUSDT")
        await soon(lambda: bool(heard.klines))

        assert venue.asked[1:] == [
            ("UNSUBSCRIBE", names("BTCUSDT")),
            ("SUBSCRIBE", names("SOLUSDT")),
        ]
        assert [kline[0] for kline in heard.klines] == ["SOLUSDT"]
        assert len(venue.paths) == 1
        assert not heard.gaps


async def test_a_refused_request_is_no_bad_frame() -> None:
    async with listening() as (venue, stream, heard):
        await venue.sockets[-1].send_json({"error": {"code": 2, "msg": "no"}, "id": 1})
        await venue.send()
        await soon(lambda: bool(heard.klines))

        assert stream.health().bad_frames == 0


async def test_a_stale_stream_is_subscribed_anew() -> None:
    async with listening(stale=0.4) as (venue, _, _):
        await soon(lambda: len(venue.requests) > 1)

        assert venue.asked[1] == ("SUBSCRIBE", names("BTCUSDT"))
        assert len(venue.paths) == 1


async def test_a_closed_socket_is_dialled_anew_and_the_gap_told() -> None:
    async with listening() as (venue, stream, heard):
        await venue.sockets[-1].close()
        await soon(lambda: bool(heard.gaps))

        assert heard.gaps == [{"BTCUSDT"}]
        assert len(venue.paths) == 2
        assert stream.health().reconnects == 1


async def test_a_new_socket_delivers_before_the_old_one_is_closed() -> None:
    async with listening(lifetime=0.3, overlap=0.2) as (venue, stream, heard):
        await soon(lambda: len(venue.sockets) == 2 and len(venue.requests) == 2)
        assert not venue.sockets[0].closed

        await venue.sockets[0].send_json(kline_event())
        await venue.sockets[1].send_json(kline_event())
        await soon(lambda: len(heard.klines) == 2)
        await soon(lambda: venue.sockets[0].closed)

        assert not heard.gaps
        assert stream.health().reconnects == 0


async def test_without_pairs_no_connection_is_made() -> None:
    async with listening([]) as (venue, stream, _):
        await asyncio.sleep(0.2)

        assert not venue.paths
        assert stream.health().open_connections == 0
