"""The hand at the venue: prices that jump, and owners who act on the venue's own screen."""

from typing import Any

import aiohttp
import pytest

from tests.contract.simulator.trading import BTC, Desk, until


async def control(desk: Desk, path: str, order: dict[str, Any]) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{desk.venue.rest_url}/simulator/{path}", json=order) as response,
    ):
        return await response.json()


async def account(desk: Desk) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{desk.venue.rest_url}/simulator/account", params={"account": desk.account.name}
        ) as response,
    ):
        return await response.json()


async def test_a_move_is_seen_in_ticker_book_mark_and_candle(newcomer: Desk) -> None:
    before = await newcomer.price()
    answer = await control(newcomer, "move", {"symbol": "BTCUSDT", "percent": 1.0})
    moved = pytest.approx(before * 1.01, rel=0.001)

    async def arrived() -> bool:
        return await newcomer.price() > before * 1.008

    await until(arrived)

    async def shown() -> bool:
        book = await newcomer.client.fetch_order_book(BTC, 5)
        return book["bids"][0][0] > before * 1.008  # type: ignore[no-any-return] # from ccxt

    await until(shown)
    mark = await newcomer.client.fapiPublicGetPremiumIndex({"symbol": "BTCUSDT"})
    candles = await newcomer.client.fetch_ohlcv(BTC, "1m", limit=1)
    assert answer["price"] == moved
    assert float(mark["markPrice"]) == moved
    assert candles[-1][4] == moved


async def test_a_move_can_name_the_price(newcomer: Desk) -> None:
    price = round(await newcomer.price("ETH/USDT:USDT") * 0.99, 2)
    await control(newcomer, "move", {"symbol": "ETHUSDT", "price": price})

    async def arrived() -> bool:
        return await newcomer.price("ETH/USDT:USDT") == pytest.approx(price, rel=0.0005)

    await until(arrived)


@pytest.mark.parametrize(
    "order",
    [
        {"symbol": "NOPEUSDT", "percent": 1},
        {"symbol": "BTCUSDT"},
        {"symbol": "BTCUSDT", "percent": 1, "price": 1},
        {"symbol": "BTCUSDT", "price": 1e12},
        {"symbol": "BTCUSDT", "percent": -100},
        {"percent": 1},
    ],
)
async def test_a_move_that_makes_no_sense_is_refused(newcomer: Desk, order: Any) -> None:
    before = await newcomer.price()
    answer = await control(newcomer, "move", order)

    assert answer["error"]
    assert await newcomer.price() == pytest.approx(before, rel=0.005)


async def test_an_owner_closes_the_position_by_hand(desk: Desk) -> None:
    await desk.buy(0.03)

    closed = await control(desk, "close", {"account": desk.account.name, "symbol": "BTCUSDT"})

    assert [order["status"] for order in closed] == ["FILLED"]
    assert await desk.position() is None


async def test_an_owner_adds_to_the_position_and_cancels_the_stop_by_hand(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy()
    sent = await desk.stop("sell", price * 0.98)
    name = desk.account.name

    added = await control(
        desk,
        "hand",
        {
            "account": name,
            "path": "/fapi/v1/order",
            "parameters": {
                "symbol": "BTCUSDT",
                "side": "BUY",
                "type": "MARKET",
                "quantity": 0.02,
            },
        },
    )
    gone = await control(
        desk,
        "hand",
        {
            "account": name,
            "method": "DELETE",
            "path": "/fapi/v1/algoOrder",
            "parameters": {"algoId": sent["id"]},
        },
    )

    assert added["clientOrderId"].startswith("simulated-")
    assert gone["msg"] == "success"
    seen = await account(desk)
    assert seen["positions"][0]["positionAmt"] == "0.03"
    assert seen["conditionals"] == []
    assert len(seen["fills"]) >= 2


async def test_a_hand_is_refused_as_anybody_else(desk: Desk) -> None:
    order = {
        "account": desk.account.name,
        "path": "/fapi/v1/order",
        "parameters": {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "50"},
    }

    assert (await control(desk, "hand", order))["code"] == -2019
    assert "error" in await control(desk, "hand", order | {"account": "nobody"})
    assert "error" in await control(desk, "hand", order | {"path": "/fapi/v1/nowhere"})
