"""A plain WebSocket client gets from the simulated venue what Binance's routes would send."""

import asyncio
from itertools import pairwise
from typing import Any

import aiohttp
import pytest

from exchanges.simulator import Market, SimulatorSettings
from tests.contract.simulator.conftest import (
    RawClient,
    event,
    events,
    is_silent,
    subscribed_before_time_runs,
    venue_of,
)


async def test_raw_path_sends_bare_events_and_combined_path_wraps_them(raw: RawClient) -> None:
    bare = await raw.connect("/market/ws/btcusdt@kline_1m/ethusdt@kline_1m")
    combined = await raw.connect("/market/stream?streams=btcusdt@kline_1m/ethusdt@kline_1m")
    async with bare, combined:
        frames = await events(bare, 4)
        wrapped = await events(combined, 4)

    assert {frame["s"] for frame in frames} == {"BTCUSDT", "ETHUSDT"}
    assert {frame["stream"] for frame in wrapped} == {"btcusdt@kline_1m", "ethusdt@kline_1m"}
    assert {frame["data"]["e"] for frame in wrapped} == {"kline"}


async def test_subscriptions_change_on_a_living_connection(raw: RawClient) -> None:
    async with await raw.connect("/market/ws") as socket:
        await socket.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@aggTrade"], "id": 7})
        assert await event(socket) == {"result": None, "id": 7}
        assert (await event(socket))["e"] == "aggTrade"

        await socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": "list"})
        assert (await _answer(socket))["result"] == ["btcusdt@aggTrade"]

        await socket.send_json({"method": "UNSUBSCRIBE", "params": ["btcusdt@aggTrade"], "id": 8})
        assert await _answer(socket) == {"result": None, "id": 8}
        assert await is_silent(socket)


async def _answer(socket: aiohttp.ClientWebSocketResponse) -> Any:
    async with asyncio.timeout(5):
        while "id" not in (frame := await event(socket)):
            pass
    return frame


@pytest.mark.parametrize(
    ("path", "stream"),
    [
        ("/public/ws", "btcusdt@kline_1m"),
        ("/market/ws", "btcusdt@depth20@100ms"),
        ("/private/ws", "btcusdt@aggTrade"),
        ("/market/ws", "btcusdt@nonsense"),
        ("/market/ws", "BTCUSDT@kline_1m"),
    ],
)
async def test_a_stream_on_the_wrong_route_or_unknown_is_acknowledged_and_silent(
    raw: RawClient, path: str, stream: str
) -> None:
    async with await raw.connect(path) as socket:
        await socket.send_json({"method": "SUBSCRIBE", "params": [stream], "id": 1})
        assert await event(socket) == {"result": None, "id": 1}
        assert await is_silent(socket)


@pytest.mark.parametrize(
    ("text", "message_id"),
    [
        ("{broken", None),
        ('{"method": "SUBSCRIBE", "params": ["a"]}', None),
        ('{"method": "DANCE", "id": 3}', 3),
        ('{"method": "SUBSCRIBE", "params": "btcusdt@aggTrade", "id": 4}', 4),
    ],
)
async def test_a_malformed_control_frame_gets_an_error(
    raw: RawClient, text: str, message_id: int | None
) -> None:
    async with await raw.connect("/market/ws") as socket:
        await socket.send_str(text)
        answer = await event(socket)

    assert answer["error"]["code"] == 2
    assert answer["id"] == message_id


async def test_finals_come_once_in_order_and_equal_rest(raw: RawClient) -> None:
    streams = "/".join(f"{s}@kline_{i}" for s in ("btcusdt", "solusdt") for i in ("1m", "5m"))
    finals: list[dict[str, Any]] = []
    async with await raw.connect(f"/market/ws/{streams}") as socket, asyncio.timeout(15):
        while sum(kline["i"] == "5m" for kline in finals) < 4:
            kline = (await event(socket))["k"]
            finals.extend([kline] if kline["x"] else [])

    for symbol in ("BTCUSDT", "SOLUSDT"):
        for interval, length in (("1m", 60_000), ("5m", 300_000)):
            told = [k for k in finals if k["s"] == symbol and k["i"] == interval]
            starts = [k["t"] for k in told]
            assert starts == list(range(starts[0], starts[0] + len(told) * length, length))
            rows = await raw.get(
                "/fapi/v1/klines",
                symbol=symbol,
                interval=interval,
                startTime=starts[0],
                limit=len(told),
            )
            assert [_as_row(kline) for kline in told] == rows


def _as_row(kline: dict[str, Any]) -> list[Any]:
    return [kline[key] for key in ("t", "o", "h", "l", "c", "v", "T", "q", "n", "V", "Q", "B")]


async def test_forming_candles_grow_until_their_final(raw: RawClient) -> None:
    async with await raw.connect("/market/ws/btcusdt@kline_15m") as socket:
        frames = [(await event(socket))["k"] for _ in range(8)]

    by_start: dict[int, list[float]] = {}
    for kline in frames:
        by_start.setdefault(kline["t"], []).append(float(kline["v"]))
    assert all(volumes == sorted(volumes) for volumes in by_start.values())


async def test_aggregate_trades_come_complete_and_equal_rest(raw: RawClient) -> None:
    async with await raw.connect("/market/ws/ethusdt@aggTrade") as socket:
        frames = await events(socket, 60, within=15)

    ids = [frame["a"] for frame in frames]
    assert ids == list(range(ids[0], ids[0] + 60))
    assert all(later["f"] == sooner["l"] + 1 for sooner, later in pairwise(frames))
    rows = await raw.get("/fapi/v1/aggTrades", symbol="ETHUSDT", fromId=ids[0], limit=60)
    assert rows == [{key: frame[key] for key in rows[0]} for frame in frames]


async def test_depth_changes_form_an_unbroken_chain_from_the_snapshot(raw: RawClient) -> None:
    async with await raw.connect("/public/ws/btcusdt@depth@100ms") as socket:
        await event(socket)
        snapshot = await raw.get("/fapi/v1/depth", symbol="BTCUSDT", limit=1000)
        frames = [await event(socket) for _ in range(8)]
        final = await raw.get("/fapi/v1/depth", symbol="BTCUSDT", limit=1000)

    assert all(b["pu"] == a["u"] for a, b in pairwise(frames))
    base = snapshot["lastUpdateId"]
    frames = [frame for frame in frames if frame["u"] > base]
    assert frames[0]["U"] <= base + 1 <= frames[0]["u"]
    book = {side: dict(snapshot[side]) for side in ("bids", "asks")}
    for frame in frames:
        _apply(book["bids"], frame["b"])
        _apply(book["asks"], frame["a"])
    if frames[-1]["u"] == final["lastUpdateId"]:
        assert book == {side: dict(final[side]) for side in ("bids", "asks")}
    assert max(map(float, book["bids"])) < min(map(float, book["asks"]))


def _apply(side: dict[str, str], changes: list[list[str]]) -> None:
    for price, quantity in changes:
        if float(quantity):
            side[price] = quantity
        else:
            side.pop(price, None)


@pytest.mark.parametrize("levels", [5, 10, 20])
async def test_partial_books_are_complete_sorted_and_not_crossed(
    raw: RawClient, levels: int
) -> None:
    async with await raw.connect(f"/public/ws/solusdt@depth{levels}@100ms") as socket:
        frames = await events(socket, 5)

    for frame in frames:
        bids = [float(price) for price, _ in frame["b"]]
        asks = [float(price) for price, _ in frame["a"]]
        assert len(bids) == len(asks) == levels
        assert bids == sorted(bids, reverse=True)
        assert asks == sorted(asks)
        assert bids[0] < asks[0]
        assert (frame["e"], frame["st"], frame["ps"]) == ("depthUpdate", 1, "SOLUSDT")


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        ("btcusdt@bookTicker", "bookTicker"),
        ("btcusdt@markPrice@1s", "markPriceUpdate"),
        ("btcusdt@miniTicker", "24hrMiniTicker"),
        ("btcusdt@ticker", "24hrTicker"),
    ],
)
async def test_single_symbol_streams_send_one_object(
    raw: RawClient, stream: str, kind: str
) -> None:
    route = "public" if kind == "bookTicker" else "market"
    async with await raw.connect(f"/{route}/ws/{stream}") as socket:
        frame = await event(socket)

    assert (frame["e"], frame["s"], frame["st"]) == (kind, "BTCUSDT", 1)


@pytest.mark.parametrize("stream", ["!markPrice@arr@1s", "!miniTicker@arr", "!ticker@arr"])
async def test_streams_of_all_symbols_carry_a_coin_margined_one(
    raw: RawClient, stream: str
) -> None:
    async with await raw.connect(f"/market/ws/{stream}") as socket:
        rows = await event(socket)

    assert [row["s"] for row in rows if row["st"] == 2] == ["BTCUSD_PERP"]
    assert sum(row["st"] == 1 for row in rows) >= 5


async def test_best_prices_of_all_symbols_come_one_by_one(raw: RawClient) -> None:
    async with await raw.connect("/public/ws/!bookTicker") as socket:
        frames = await events(socket, 11)

    assert {frame["e"] for frame in frames} == {"bookTicker"}
    assert {frame["st"] for frame in frames} == {1, 2}


async def test_a_violent_minute_shows_a_liquidation(market: Market) -> None:
    async with venue_of(market, speed=30_000.0) as venue, aiohttp.ClientSession() as session:
        client = RawClient(session, venue)
        async with await subscribed_before_time_runs(client, "!forceOrder@arr") as socket:
            frame = await event(socket, within=15)

    assert frame["e"] == "forceOrder"
    assert frame["o"]["S"] in {"BUY", "SELL"}


async def test_too_many_messages_end_the_connection(raw: RawClient) -> None:
    async with await raw.connect("/market/ws") as socket:
        for number in range(11):
            await socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": number})
        async with asyncio.timeout(5):
            while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass

    assert socket.close_code == 1008


async def test_a_ping_is_answered(raw: RawClient) -> None:
    async with await raw.connect("/market/ws", autoping=False) as socket:
        await socket.ping(b"there?")
        answer = await socket.receive(timeout=5)

    assert (answer.type, bytes(answer.data)) == (aiohttp.WSMsgType.PONG, b"there?")


async def test_the_venue_pings_and_drops_who_does_not_answer(market: Market) -> None:
    settings = SimulatorSettings(ping_seconds=0.1, pong_seconds=0.4)
    async with venue_of(market, 1.0, settings) as venue, aiohttp.ClientSession() as session:
        client = RawClient(session, venue)
        async with await client.connect("/market/ws", autoping=False) as deaf:
            assert (await deaf.receive(timeout=5)).type is aiohttp.WSMsgType.PING
            async with asyncio.timeout(5):
                while (await deaf.receive()).type is aiohttp.WSMsgType.PING:
                    pass
            assert deaf.close_code == 1001
        async with await client.connect("/market/ws") as polite:
            assert await is_silent(polite, seconds=0.6)


async def test_an_old_connection_is_cut(market: Market) -> None:
    settings = SimulatorSettings(lifetime_seconds=0.2)
    async with (
        venue_of(market, 1.0, settings) as venue,
        aiohttp.ClientSession() as session,
        await RawClient(session, venue).connect("/market/ws") as socket,
    ):
        message = await socket.receive(timeout=5)

    assert message.type is aiohttp.WSMsgType.CLOSE
    assert message.data == 1001


async def test_the_last_final_of_a_market_is_sent_before_time_ends(market: Market) -> None:
    async with venue_of(market, 200_000.0) as venue, aiohttp.ClientSession() as session:
        client = RawClient(session, venue)
        async with await subscribed_before_time_runs(client, "btcusdt@kline_1h") as socket:
            async with asyncio.timeout(15):
                while not is_last_final(await event(socket), market):
                    pass
        info = await client.get("/simulator/info")

    assert info["ended"]


def is_last_final(told: dict[str, Any], market: Market) -> bool:
    """Whether it is the last candle's final, not an update from while that candle was forming."""
    return bool(told["k"]["x"]) and told["k"]["T"] == market.end_ms - 1
