"""Guests on the venue's port: their routes answer, and faults disturb them as told."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from exchanges.simulator import Fault, FaultKind, Market, SimulatedVenue, SimulatorClock, held_ms
from tests.contract.simulator.conftest import RawClient, spawn

TEXTS = "/feeds/texts"
PRICES = "/feeds/prices"


async def prices(request: web.Request) -> web.Response:
    payload = {"price": 5, "name": "x", "rows": [{"n": "1.5"}], "held": held_ms(request)}
    return web.json_response(payload)


async def texts(_: web.Request) -> web.Response:
    return web.Response(text="<rss>0123456789</rss>", content_type="application/rss+xml")


@pytest_asyncio.fixture
async def client(market: Market) -> AsyncIterator[RawClient]:
    """A client of a venue with two guests, at a pace at which time visibly runs."""
    loop = asyncio.get_running_loop()
    clock = SimulatorClock(market.start_ms, 600.0, loop.time)
    guests = [web.get(PRICES, prices), web.get(TEXTS, texts)]
    async with (
        SimulatedVenue(market, clock, spawn=spawn, guests=guests) as venue,
        aiohttp.ClientSession() as session,
    ):
        yield RawClient(session, venue)


async def body(client: RawClient, path: str) -> bytes:
    async with client.session.get(client.venue.rest_url + path) as response:
        return await response.read()


async def test_guests_answer_beside_the_venue(client: RawClient) -> None:
    assert (await client.get(PRICES))["price"] == 5
    assert "serverTime" in await client.get("/fapi/v1/time")


@pytest.mark.parametrize("path", [PRICES, TEXTS])
async def test_a_malformed_answer_is_cut_in_the_middle(client: RawClient, path: str) -> None:
    whole = await body(client, path)
    await client.post("/simulator/faults", {"kind": "rest_malformed", "match": path, "count": 1})
    assert await body(client, path) == whole[: len(whole) // 2]
    assert await body(client, path) == whole


async def test_wrong_types_are_words_for_numbers_and_null_for_texts(client: RawClient) -> None:
    client.venue.faults.inject(Fault(kind=FaultKind.REST_WRONG_TYPE, match=PRICES, count=1))
    answer = await client.get(PRICES)
    assert answer == {"price": "soon", "name": None, "rows": [{"n": None}], "held": None}


async def test_wrong_types_of_what_is_no_json_cut_it_short(client: RawClient) -> None:
    client.venue.faults.inject(Fault(kind=FaultKind.REST_WRONG_TYPE, match=TEXTS, count=1))
    assert await body(client, TEXTS) == b"<rss>01234"


async def test_a_stale_guest_stands_still_at_its_first_question(client: RawClient) -> None:
    assert (await client.get(PRICES))["held"] is None
    before = client.venue.clock.now_ms()
    await client.post("/simulator/faults", {"kind": "rest_stale", "match": PRICES, "seconds": 30})
    first = (await client.get(PRICES))["held"]
    await asyncio.sleep(0.05)

    assert before <= first < client.venue.clock.now_ms()
    assert (await client.get(PRICES))["held"] == first
    client.venue.faults.clear()
    assert (await client.get(PRICES))["held"] is None


async def test_other_faults_hit_guests_too(client: RawClient) -> None:
    client.venue.faults.inject(
        Fault(kind=FaultKind.REST_STATUS, match="/feeds/", status=429, count=1)
    )
    assert (await client.answer(PRICES)).status == 429
    assert (await client.answer(PRICES)).status == 200
