"""A small simulated venue over loopback, and clients that know nothing of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import ccxt.pro
import msgspec
import pytest
import pytest_asyncio

from exchanges.simulator import (
    Market,
    SimulatedAccount,
    SimulatedVenue,
    SimulatorClock,
    SimulatorSettings,
    synthetic_market,
)
from tests.contract.simulator.trading import ACCOUNTS, BTC, Desk, ccxt_trader, point_at

DAY_MINUTES = 1440
SPEED = 600.0


def spawn(name: str, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    return asyncio.create_task(work, name=name)


def venue_of(
    market: Market, speed: float, settings: SimulatorSettings | None = None
) -> SimulatedVenue:
    clock = SimulatorClock(market.start_ms, speed, time.monotonic)
    return SimulatedVenue(market, clock, spawn=spawn, settings=settings)


@dataclass
class RawClient:
    """An aiohttp client of a venue, with the few moves that the tests make."""

    session: aiohttp.ClientSession
    venue: SimulatedVenue

    async def get(self, path: str, **params: Any) -> Any:
        async with self.session.get(self.venue.rest_url + path, params=params) as response:
            return await response.json()

    async def answer(self, path: str, **params: Any) -> aiohttp.ClientResponse:
        async with self.session.get(self.venue.rest_url + path, params=params) as response:
            await response.read()
            return response

    async def post(self, path: str, order: dict[str, Any]) -> Any:
        async with self.session.post(self.venue.rest_url + path, json=order) as response:
            return await response.json()

    async def connect(self, path: str, **options: Any) -> Any:
        return await self.session.ws_connect(self.venue.ws_url + path, **options)


async def event(socket: aiohttp.ClientWebSocketResponse, within: float = 5.0) -> Any:
    """The next frame, decoded."""
    return msgspec.json.decode(await socket.receive_str(timeout=within))


async def events(
    socket: aiohttp.ClientWebSocketResponse, count: int, within: float = 5.0
) -> list[Any]:
    async with asyncio.timeout(within):
        return [await event(socket, within) for _ in range(count)]


async def subscribed_before_time_runs(client: RawClient, stream: str) -> Any:
    """A connection that misses nothing: the clock is held until the venue has acknowledged."""
    client.venue.clock.hold()
    socket = await client.connect("/market/ws")
    await socket.send_json({"method": "SUBSCRIBE", "params": [stream], "id": 1})
    assert await event(socket) == {"result": None, "id": 1}
    client.venue.clock.release()
    return socket


async def is_silent(socket: aiohttp.ClientWebSocketResponse, seconds: float = 0.25) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await socket.receive()
    except TimeoutError:
        return True
    return False


@pytest.fixture(scope="session")
def market() -> Market:
    return synthetic_market(
        pairs=5, seed=11, history_minutes=3 * DAY_MINUTES, forward_minutes=2 * DAY_MINUTES
    )


@pytest_asyncio.fixture(scope="session")
async def fast_venue(market: Market) -> AsyncIterator[SimulatedVenue]:
    """One venue for all tests that only look: ten exchange minutes a second."""
    settings = SimulatorSettings(forming_seconds=0.1)
    async with venue_of(market, SPEED, settings) as venue:
        yield venue


@pytest_asyncio.fixture(scope="session")
async def raw(fast_venue: SimulatedVenue) -> AsyncIterator[RawClient]:
    async with aiohttp.ClientSession() as session:
        yield RawClient(session, fast_venue)


@pytest_asyncio.fixture(scope="session")
async def ccxt_client(fast_venue: SimulatedVenue) -> AsyncIterator[Any]:
    exchange = ccxt.pro.binanceusdm({"rateLimit": 5})
    try:
        yield point_at(exchange, fast_venue)
    finally:
        await exchange.close()


@pytest_asyncio.fixture
async def own_venue(market: Market) -> AsyncIterator[SimulatedVenue]:
    """A venue of its own for a test that breaks things."""
    async with venue_of(market, speed=SPEED) as venue:
        yield venue


@pytest_asyncio.fixture
async def own_client(own_venue: SimulatedVenue) -> AsyncIterator[RawClient]:
    async with aiohttp.ClientSession() as session:
        yield RawClient(session, own_venue)


@pytest_asyncio.fixture(scope="session")
async def trading_venue(market: Market) -> AsyncIterator[SimulatedVenue]:
    """One venue at the speed of life for all tests that trade, each with an account of its own."""
    settings = SimulatorSettings(accounts=ACCOUNTS, listen_key_seconds=3600.0)
    async with venue_of(market, 1.0, settings) as venue:
        yield venue


@pytest_asyncio.fixture(scope="session")
async def ccxt_trading(trading_venue: SimulatedVenue) -> AsyncIterator[Any]:
    """A ccxt client that tests lend to one account after another."""
    client = ccxt_trader(trading_venue, ACCOUNTS[0])
    await client.load_markets()
    yield client
    await client.close()


@pytest.fixture(scope="session")
def unused_accounts() -> Iterator[SimulatedAccount]:
    return iter(ACCOUNTS[1:])


@pytest.fixture
def newcomer(
    trading_venue: SimulatedVenue, ccxt_trading: Any, unused_accounts: Iterator[SimulatedAccount]
) -> Iterator[Desk]:
    """An account that has never done anything, at a venue without faults."""
    account = next(unused_accounts)
    ccxt_trading.apiKey, ccxt_trading.secret = account.api_key, account.secret
    yield Desk(ccxt_trading, trading_venue, account)
    trading_venue.faults.clear()


@pytest_asyncio.fixture
async def desk(newcomer: Desk) -> Desk:
    """The same, with isolated margin and leverage 5 on BTC."""
    await newcomer.client.set_margin_mode("isolated", BTC)
    await newcomer.client.set_leverage(5, BTC)
    return newcomer
