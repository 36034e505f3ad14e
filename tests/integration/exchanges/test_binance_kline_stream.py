"""BinanceKlineStream against a server that says exactly what the test wants."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain.timeframes import Timeframe
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.kline_stream import KlineListener, Values
from tests.integration.exchanges.scripted_venue import ScriptedVenue, patient, scripted_venue
from tests.unit.exchanges.fakes import WallClock, soon

M1_INDEX = 29_000_000


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
    heard = Heard()
    async with scripted_venue() as venue:
        stream = BinanceKlineStream(
            WallClock(), lambda: 0.5, base_url=venue.url, limits=patient(**limits)
        )
        stream.set_symbols(symbols)
        running = asyncio.create_task(stream.run(heard))
        try:
            await soon(lambda: not symbols or bool(venue.requests))
            yield venue, stream, heard
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def send(venue: ScriptedVenue, **changes: Any) -> None:
    await venue.send("kline", msgspec.json.encode(kline_event(**changes)))


def names(symbol: str) -> set[str]:
    return {f"{symbol.lower()}@kline_{timeframe}" for timeframe in Timeframe}


async def test_it_dials_the_market_route_and_subscribes_every_timeframe() -> None:
    async with listening() as (venue, _, _):
        assert venue.paths[0].startswith("/market/ws/btcusdt@kline_")
        dialled = venue.paths[0].rpartition("/")[2]
        assert venue.asked == [("SUBSCRIBE", names("BTCUSDT") - {dialled})]


async def test_a_frame_reaches_the_listener_as_numbers() -> None:
    async with listening() as (venue, _, heard):
        await send(venue)
        await send(venue, x=False, c="2.75")
        await soon(lambda: len(heard.klines) == 2)

        values = (2.0, 3.0, 1.0, 2.5, 10.0, 4.0)
        assert heard.klines[0] == ("BTCUSDT", Timeframe.M1, M1_INDEX, values, True)
        assert heard.klines[1][3:] == ((2.0, 3.0, 1.0, 2.75, 10.0, 4.0), False)


async def test_frames_of_other_markets_and_pairs_are_passed_over() -> None:
    async with listening() as (venue, stream, heard):
        await send(venue, st=2)
        await send(venue, symbol="BTCUSD_PERP", st=2)
        await send(venue, symbol="ETHUSDT")
        await send(venue, i="3m")
        await send(venue)
        await soon(lambda: bool(heard.klines))

        assert len(heard.klines) == 1
        assert stream.health().bad_frames == 0


async def test_a_candle_off_the_grid_is_a_bad_frame() -> None:
    async with listening() as (venue, stream, heard):
        await send(venue, t=M1_INDEX * 60_000 + 1)
        await send(venue)
        await soon(lambda: bool(heard.klines))

        assert len(heard.klines) == 1
        assert stream.health().bad_frames == 1


async def test_only_changes_are_asked_for_on_the_open_socket() -> None:
    async with listening(["BTCUSDT", "ETHUSDT"]) as (venue, stream, heard):
        stream.set_symbols(["ETHUSDT", "SOLUSDT"])
        await soon(lambda: len(venue.requests) == 3)
        stream.set_symbols(["ETHUSDT", "SOLUSDT"])
        await send(venue)
        await send(venue, symbol="SOLUSDT")
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
        await send(venue)
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
