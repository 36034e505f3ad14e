"""Each fault of the simulated venue does what it says, as often as it says."""

import asyncio
import time
from itertools import pairwise
from typing import Any

import aiohttp
import msgspec
import pytest

from exchanges.simulator import Fault, FaultKind, Market, SimulatedVenue, SimulatorSettings
from tests.contract.simulator.conftest import SPEED, RawClient, event, events, is_silent, venue_of

KLINES = "/market/ws/btcusdt@kline_1m"


@pytest.mark.parametrize(("status", "code"), [(429, -1003), (418, -1003), (503, -1008)])
async def test_status_answers_the_next_requests_only(
    own_client: RawClient, status: int, code: int
) -> None:
    await own_client.post(
        "/simulator/faults",
        {"kind": "rest_status", "status": status, "retry_after_seconds": 3, "count": 2},
    )
    answers = [await own_client.answer("/fapi/v1/time") for _ in range(3)]

    assert [answer.status for answer in answers] == [status, status, 200]
    assert answers[0].headers["Retry-After"] == "3"
    assert (await answers[0].json())["code"] == code


async def test_status_can_be_bound_to_a_path(own_client: RawClient) -> None:
    own_client.venue.faults.inject(
        Fault(kind=FaultKind.REST_STATUS, match="/klines", status=503, seconds=30)
    )
    assert (await own_client.answer("/fapi/v1/time")).status == 200
    answer = await own_client.answer("/fapi/v1/klines", symbol="BTCUSDT", interval="1m")
    assert answer.status == 503

    async with own_client.session.delete(f"{own_client.venue.rest_url}/simulator/faults"):
        pass
    answer = await own_client.answer("/fapi/v1/klines", symbol="BTCUSDT", interval="1m")
    assert answer.status == 200


async def test_a_timed_fault_ends_by_itself(own_client: RawClient) -> None:
    own_client.venue.faults.inject(Fault(kind=FaultKind.REST_STATUS, seconds=0.2))
    assert (await own_client.answer("/fapi/v1/time")).status == 503
    async with asyncio.timeout(5):
        while (await own_client.answer("/fapi/v1/time")).status != 200:
            pass


async def test_rest_can_be_slow(own_client: RawClient) -> None:
    own_client.venue.faults.inject(Fault(kind=FaultKind.REST_DELAY, delay_seconds=0.3, count=1))
    began = time.monotonic()
    await own_client.answer("/fapi/v1/time")
    assert time.monotonic() - began >= 0.3


async def test_rest_can_answer_with_a_web_page(own_client: RawClient) -> None:
    own_client.venue.faults.inject(Fault(kind=FaultKind.REST_HTML, status=502, count=1))
    answer = await own_client.answer("/fapi/v1/exchangeInfo")

    assert answer.content_type == "text/html"
    assert (await answer.text()).startswith("<html>")


async def test_dropped_connections_end_without_a_close_frame(own_client: RawClient) -> None:
    market_side = await own_client.connect(KLINES)
    public_side = await own_client.connect("/public/ws/btcusdt@depth20@100ms")
    async with market_side, public_side:
        await event(market_side)
        answer = await own_client.post("/simulator/faults", {"kind": "drop", "match": "market"})
        assert answer == {"broken": 1}
        async with asyncio.timeout(5):
            while (await market_side.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert market_side.close_code == 1006
        assert (await event(public_side))["e"] == "depthUpdate"


async def test_a_half_open_connection_stays_open_and_says_nothing(own_client: RawClient) -> None:
    async with await own_client.connect(KLINES) as socket:
        await event(socket)
        assert own_client.venue.faults.half_open() == 1
        async with asyncio.timeout(5):
            while not await is_silent(socket, 0.5):
                pass
        await socket.ping()
        assert await is_silent(socket, 0.3)
        async with await own_client.connect(KLINES) as fresh:
            assert (await event(fresh))["e"] == "kline"


async def test_candles_of_a_time_span_can_be_lost(own_client: RawClient) -> None:
    now = own_client.venue.clock.now_ms()
    begin, end = now + 120_000, now + 300_000
    own_client.venue.faults.inject(
        Fault(kind=FaultKind.FRAME_LOSS, match="btcusdt@kline", from_ms=begin, to_ms=end)
    )
    async with await own_client.connect(f"{KLINES}/ethusdt@kline_1m") as socket:
        frames = [await event(socket)]
        while frames[-1]["E"] < end + 60_000:
            frames.append(await event(socket))

    lost = [frame for frame in frames if begin <= frame["E"] < end]
    assert {frame["s"] for frame in lost} == {"ETHUSDT"}
    assert {frame["s"] for frame in frames if frame["E"] >= end} == {"BTCUSDT", "ETHUSDT"}


async def test_a_lost_depth_frame_breaks_the_chain_once(own_client: RawClient) -> None:
    async with await own_client.connect("/public/ws/btcusdt@depth@100ms") as socket:
        frames = await events(socket, 2)
        own_client.venue.faults.inject(
            Fault(kind=FaultKind.FRAME_LOSS, match="btcusdt@depth", count=1)
        )
        frames += await events(socket, 6)

    breaks = [b["pu"] != a["u"] for a, b in pairwise(frames)]
    assert sum(breaks) == 1


async def test_frames_can_come_late_and_in_order(own_client: RawClient) -> None:
    own_client.venue.faults.inject(
        Fault(kind=FaultKind.FRAME_DELAY, match="aggTrade", delay_seconds=0.4, seconds=30)
    )
    async with await own_client.connect("/market/ws/btcusdt@aggTrade") as socket:
        frames = [await event(socket)]
        lag_ms = own_client.venue.clock.now_ms() - frames[0]["E"]
        frames += await events(socket, 10)

    assert lag_ms >= 0.4 * SPEED * 1000
    ids = [frame["a"] for frame in frames]
    assert len(set(ids)) == len(ids)


async def test_a_frame_can_come_twice(own_client: RawClient) -> None:
    own_client.venue.faults.inject(Fault(kind=FaultKind.FRAME_DUPLICATE, count=1))
    async with await own_client.connect("/market/ws/btcusdt@aggTrade") as socket:
        first, second, third = await events(socket, 3)

    assert first == second != third


async def test_a_frame_can_be_unparsable(own_client: RawClient) -> None:
    own_client.venue.faults.inject(Fault(kind=FaultKind.FRAME_UNPARSABLE, count=1))
    async with await own_client.connect(KLINES) as socket:
        with pytest.raises(msgspec.DecodeError):
            await event(socket)
        assert (await event(socket))["e"] == "kline"


@pytest.mark.parametrize("path", [KLINES, "/market/ws/!miniTicker@arr"])
async def test_a_frame_can_have_fields_of_the_wrong_type(own_client: RawClient, path: str) -> None:
    own_client.venue.faults.inject(Fault(kind=FaultKind.FRAME_WRONG_TYPE, count=1))
    async with await own_client.connect(path) as socket:
        spoiled: Any = await event(socket)
        sound: Any = await event(socket)

    first, second = (rows[0] if isinstance(rows, list) else rows for rows in (spoiled, sound))
    assert first["E"] == "soon"
    assert isinstance(second["E"], int)


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "rest_status", "status": 500},
        {"kind": "earthquake", "count": 1},
        {"kind": "rest_status", "count": "many"},
        ["drop"],
    ],
)
async def test_an_order_for_a_fault_that_makes_no_sense_is_refused(
    own_client: RawClient, order: Any
) -> None:
    answer = await own_client.post("/simulator/faults", order)

    assert answer["error"]
    assert own_client.venue.faults.active == []


async def test_the_clock_can_be_held_and_released(own_client: RawClient) -> None:
    await own_client.post("/simulator/hold", {})
    first = (await own_client.get("/fapi/v1/time"))["serverTime"]
    await asyncio.sleep(0.1)
    assert (await own_client.get("/fapi/v1/time"))["serverTime"] == first

    await own_client.post("/simulator/release", {})
    async with asyncio.timeout(5):
        while (await own_client.get("/fapi/v1/time"))["serverTime"] == first:
            pass


async def test_weight_is_told_counted_and_limited(market: Market) -> None:
    async with (
        venue_of(market, 1.0, SimulatorSettings(weight_limit=100)) as venue,
        aiohttp.ClientSession() as session,
    ):
        client = RawClient(session, venue)
        used = [
            (await client.answer(path, **query)).headers["X-MBX-USED-WEIGHT-1M"]
            for path, query in (
                ("/fapi/v1/ticker/24hr", {}),
                ("/fapi/v1/premiumIndex", {}),
                ("/fapi/v1/klines", {"symbol": "BTCUSDT", "interval": "1m", "limit": 1000}),
                ("/fapi/v1/depth", {"symbol": "BTCUSDT", "limit": 20}),
                ("/fapi/v1/ticker/bookTicker", {}),
            )
        ]
        refused = await client.answer("/fapi/v1/ticker/24hr")

    assert used == ["40", "50", "55", "57", "62"]
    assert refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


async def test_info_tells_what_is_played(own_venue: SimulatedVenue, own_client: RawClient) -> None:
    own_venue.faults.inject(Fault(kind=FaultKind.FRAME_DELAY, seconds=60))
    info = await own_client.get("/simulator/info")

    assert info["origin"] == "synthetic market, seed 11"
    assert info["interpolatedBelow"] is None
    assert info["faults"][0]["kind"] == "frame_delay"
