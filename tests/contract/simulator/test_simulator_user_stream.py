"""The private stream: what an account is told, in which order, and how its listen key lives."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import ccxt
import pytest
import pytest_asyncio

from exchanges.simulator import Fault, FaultKind, Market, SimulatorSettings
from tests.contract.simulator.conftest import RawClient, event, events, is_silent, venue_of
from tests.contract.simulator.trading import BTC, Desk, ccxt_trader, until


@pytest_asyncio.fixture
async def stream(desk: Desk) -> AsyncIterator[Any]:
    """The raw private stream of the test's account."""
    listen_key = (await desk.client.fapiPrivatePostListenKey())["listenKey"]
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{desk.venue.ws_url}/private/ws?listenKey={listen_key}") as socket,
    ):
        yield socket


async def test_a_market_order_is_told_as_new_then_as_traded_with_the_account(
    desk: Desk, stream: Any
) -> None:
    sent = await desk.buy(clientOrderId="q0000ad-1-e0-1")
    told = await events(stream, 3)

    orders = [each["o"] for each in told if each["e"] == "ORDER_TRADE_UPDATE"]
    (account,) = (each["a"] for each in told if each["e"] == "ACCOUNT_UPDATE")
    assert [(order["x"], order["X"]) for order in orders] == [("NEW", "NEW"), ("TRADE", "FILLED")]
    assert {order["c"] for order in orders} == {"q0000ad-1-e0-1"}
    assert {str(order["i"]) for order in orders} == {sent["id"]}
    fill = orders[-1]
    assert (fill["l"], fill["z"], fill["N"], fill["m"]) == ("0.01", "0.01", "USDT", False)
    assert float(fill["n"]) == pytest.approx(0.0005 * 0.01 * float(fill["L"]))
    assert (account["m"], account["P"][0]["pa"]) == ("ORDER", "0.01")
    assert float(account["B"][0]["wb"]) == pytest.approx(10_000 - float(fill["n"]))


async def test_a_stop_is_told_from_its_rest_to_its_end(desk: Desk, stream: Any) -> None:
    price = await desk.price()
    await desk.buy()
    await desk.stop("sell", price * 0.98, clientOrderId="q0000ad-2-s0-1")
    desk.move(-2.5)

    told: list[Any] = []
    while not told or told[-1].get("o", {}).get("X") != "FINISHED":
        told.append(await event(stream))
    states = [each["o"]["X"] for each in told if each["e"] == "ALGO_UPDATE"]
    fills = [each["o"] for each in told if each["e"] == "ORDER_TRADE_UPDATE"]
    last = told[-1]["o"]
    assert states == ["NEW", "TRIGGERING", "TRIGGERED", "FINISHED"]
    assert (last["caid"], last["at"], last["o"]) == ("q0000ad-2-s0-1", "CONDITIONAL", "STOP_MARKET")
    assert last["ai"] == str(fills[-1]["i"])
    assert last["aq"] == "0.01"
    assert float(fills[-1]["rp"]) < 0


async def test_a_cancelled_order_is_told(desk: Desk, stream: Any) -> None:
    sent = await desk.rest("buy", await desk.price() * 0.98)
    await desk.client.cancel_order(sent["id"], BTC)

    told = [each["o"]["x"] for each in await events(stream, 2)]

    assert told == ["NEW", "CANCELED"]


async def test_ccxt_watches_orders_fills_and_positions(desk: Desk) -> None:
    client = ccxt_trader(desk.venue, desk.account)
    try:
        await client.load_markets()
        watching = asyncio.ensure_future(client.watch_orders())
        fills = asyncio.ensure_future(client.watch_my_trades())

        async def dialled() -> Any:
            sockets = (client.clients or {}).items()
            return next((socket for url, socket in sockets if "private" in url), None)

        await (await until(dialled)).connected
        await desk.buy(clientOrderId="q0000ad-3-e0-1")
        async with asyncio.timeout(5):
            orders, trades = await watching, await fills
        assert orders[0]["clientOrderId"] == "q0000ad-3-e0-1"
        assert trades[0]["amount"] == 0.01
        assert trades[0]["fee"]["cost"] > 0
    finally:
        await client.close()


async def test_the_key_may_stand_in_the_path(desk: Desk) -> None:
    listen_key = (await desk.client.fapiPrivatePostListenKey())["listenKey"]
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{desk.venue.ws_url}/private/ws/{listen_key}") as socket,
    ):
        await desk.buy()
        assert (await event(socket))["e"] == "ORDER_TRADE_UPDATE"


async def test_a_listen_key_is_the_same_until_it_is_given_up(desk: Desk) -> None:
    client = desk.client
    with pytest.raises(ccxt.AuthenticationError, match="-1125"):
        await client.fapiPrivatePutListenKey()
    first = await client.fapiPrivatePostListenKey()

    assert await client.fapiPrivatePostListenKey() == first
    assert await client.fapiPrivatePutListenKey() == first
    await client.fapiPrivateDeleteListenKey()
    assert await client.fapiPrivatePostListenKey() != first


async def test_a_listen_key_that_is_not_renewed_expires_and_says_so(market: Market) -> None:
    settings = SimulatorSettings(listen_key_seconds=0.3)
    async with venue_of(market, 1.0, settings) as venue, aiohttp.ClientSession() as session:
        client, headers = RawClient(session, venue), {"X-MBX-APIKEY": "simulated-key"}
        async with session.post(f"{venue.rest_url}/fapi/v1/listenKey", headers=headers) as answer:
            listen_key = (await answer.json())["listenKey"]
        async with await client.connect(f"/private/ws?listenKey={listen_key}") as socket:
            told = await event(socket)
        async with session.put(f"{venue.rest_url}/fapi/v1/listenKey", headers=headers) as answer:
            refused = await answer.json()

    assert (told["e"], told["listenKey"]) == ("listenKeyExpired", listen_key)
    assert refused["code"] == -1125


async def test_events_can_be_lost_doubled_and_late(desk: Desk, stream: Any) -> None:
    about = f"{desk.account.api_key} ORDER_TRADE_UPDATE"
    inject = desk.venue.faults.inject
    inject(Fault(kind=FaultKind.FRAME_LOSS, match=about, count=1))
    inject(Fault(kind=FaultKind.FRAME_DUPLICATE, match=about, count=1))
    await desk.buy()
    told = await events(stream, 3)
    fills = [each for each in told if each["e"] == "ORDER_TRADE_UPDATE"]
    assert [each["o"]["x"] for each in fills] == ["TRADE", "TRADE"]
    assert fills[0] == fills[1]

    inject(Fault(kind=FaultKind.FRAME_DELAY, match=about, delay_seconds=0.3, count=1))
    began = asyncio.get_running_loop().time()
    await desk.rest("buy", await desk.price() * 0.98)
    assert (await event(stream))["o"]["x"] == "NEW"
    assert asyncio.get_running_loop().time() - began >= 0.3


async def test_the_private_stream_can_be_cut_and_can_fall_silent(desk: Desk, stream: Any) -> None:
    listen_key = (await desk.client.fapiPrivatePostListenKey())["listenKey"]
    assert desk.venue.faults.half_open(listen_key) == 1
    await desk.buy()
    assert await is_silent(stream)

    assert desk.venue.faults.drop("private") == 1
    async with asyncio.timeout(5):
        await stream.receive()
    assert stream.closed


async def test_strangers_hear_nothing(desk: Desk) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{desk.venue.ws_url}/private/ws?listenKey=guessed") as socket,
    ):
        await desk.client.fapiPrivatePostListenKey()
        await desk.buy()
        assert await is_silent(socket)
