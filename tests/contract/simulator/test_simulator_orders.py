"""Plain orders at the simulated venue, sent by ccxt: acknowledged, found, filled, cancelled."""

import ccxt
import pytest

from tests.contract.simulator.trading import BTC, ETH, Desk, until


async def test_a_market_order_is_acknowledged_without_a_price_and_found_with_it(
    desk: Desk,
) -> None:
    sent = await desk.buy(clientOrderId="q0000aa-1-e0-1")
    found = await desk.client.fetch_order(sent["id"], BTC)

    assert (sent["status"], sent["filled"]) == ("closed", 0.01)
    assert sent["average"] is None
    assert "avgPrice" not in sent["info"]
    assert "cumQuote" not in sent["info"]
    assert found["average"] == pytest.approx(await desk.price(), rel=0.01)
    assert found["clientOrderId"] == "q0000aa-1-e0-1"


async def test_an_order_is_found_by_its_client_id_alone(desk: Desk) -> None:
    sent = await desk.buy(clientOrderId="q0000aa-2-e0-1")

    found = await desk.client.fapiPrivateGetOrder(
        {"symbol": "BTCUSDT", "origClientOrderId": "q0000aa-2-e0-1"}
    )

    assert str(found["orderId"]) == sent["id"]
    assert found["status"] == "FILLED"


async def test_a_limit_order_rests_until_the_price_comes_to_it(desk: Desk) -> None:
    sent = await desk.rest("buy", await desk.price() * 0.99)
    assert sent["status"] == "open"

    desk.move(-1.5)

    async def filled() -> bool:
        return bool((await desk.client.fetch_order(sent["id"], BTC))["status"] == "closed")

    await until(filled)
    fills = await desk.client.fetch_my_trades(BTC)
    assert [fill["takerOrMaker"] for fill in fills] == ["maker"] * len(fills)
    assert sum(fill["amount"] for fill in fills) == pytest.approx(0.01)
    assert {fill["price"] for fill in fills} == {sent["price"]}


async def test_a_post_only_order_rests_below_the_touch(desk: Desk) -> None:
    sent = await desk.rest("buy", await desk.price() * 0.999, postOnly=True)

    assert (sent["status"], sent["postOnly"]) == ("open", True)
    assert sent["info"]["timeInForce"] == "GTX"


async def test_a_cancelled_order_is_gone_and_cannot_be_cancelled_again(desk: Desk) -> None:
    sent = await desk.rest("buy", await desk.price() * 0.98)

    cancelled = await desk.client.cancel_order(sent["id"], BTC)

    assert cancelled["status"] == "canceled"
    assert await desk.client.fetch_open_orders(BTC) == []
    with pytest.raises(ccxt.OrderNotFound, match="-2011"):
        await desk.client.cancel_order(sent["id"], BTC)


async def test_a_client_id_is_free_again_after_the_fill(desk: Desk) -> None:
    first = await desk.buy(clientOrderId="q0000aa-3-e0-1")
    second = await desk.buy(clientOrderId="q0000aa-3-e0-1")

    assert first["id"] != second["id"]


async def test_cancel_all_leaves_conditional_orders(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy()
    await desk.rest("buy", price * 0.98)
    await desk.stop("sell", price * 0.97)

    await desk.client.cancel_all_orders(BTC)

    assert await desk.client.fetch_open_orders(BTC) == []
    assert len(await desk.client.fetch_open_orders(BTC, params={"trigger": True})) == 1


async def test_a_countdown_cancels_what_rests_unless_it_begins_anew(desk: Desk) -> None:
    await desk.rest("buy", await desk.price() * 0.98)
    countdown = desk.client.fapiPrivatePostCountdownCancelAll
    await countdown({"symbol": "BTCUSDT", "countdownTime": 30_000})
    await countdown({"symbol": "BTCUSDT", "countdownTime": 0})
    assert len(await desk.client.fetch_open_orders(BTC)) == 1

    await countdown({"symbol": "BTCUSDT", "countdownTime": 50})

    async def gone() -> bool:
        return not await desk.client.fetch_open_orders(BTC)

    await until(gone)


async def test_fills_are_listed_from_an_instant_and_from_an_id(desk: Desk) -> None:
    await desk.buy()
    await desk.buy(0.02)
    fills = await desk.client.fetch_my_trades(BTC)

    since = await desk.client.fetch_my_trades(BTC, since=fills[-1]["timestamp"] + 1)
    rest = await desk.client.fetch_my_trades(BTC, params={"fromId": fills[1]["id"]})

    assert since == []
    assert [fill["id"] for fill in rest] == [fill["id"] for fill in fills[1:]]
    assert all(fill["fee"]["cost"] > 0 for fill in fills)


async def test_more_than_a_week_of_fills_is_not_told_at_once(desk: Desk) -> None:
    now = desk.venue.clock.now_ms()
    with pytest.raises(ccxt.ExchangeError, match="-4165"):
        await desk.client.fetch_my_trades(BTC, since=now - 8 * 86_400_000, params={"endTime": now})


async def test_orders_of_all_symbols_are_listed_together(desk: Desk) -> None:
    await desk.client.set_margin_mode("isolated", ETH)
    price = await desk.price(ETH)
    await desk.rest("buy", await desk.price() * 0.98)
    await desk.client.create_order(ETH, "limit", "buy", 1, price * 0.98)
    desk.client.options["warnOnFetchOpenOrdersWithoutSymbol"] = False

    assert {o["symbol"] for o in await desk.client.fetch_open_orders()} == {BTC, ETH}


async def test_two_accounts_share_no_ids(desk: Desk) -> None:
    usual = await desk.client.fapiPrivateGetUserTrades({"symbol": "BTCUSDT"})
    await desk.buy()
    mine = await desk.client.fetch_my_trades(BTC)

    assert usual == []
    assert int(mine[0]["id"]) > 1_000_000_000
