"""Conditional orders live in a book of their own, fire on their price, and become market orders."""

from typing import Any

import ccxt
import pytest

from tests.contract.simulator.trading import BTC, Desk, until


async def conditional(desk: Desk, sent: Any) -> Any:
    return await desk.client.fetch_order(sent["id"], BTC, {"trigger": True})


async def test_a_stop_rests_in_the_second_book_alone(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy()
    sent = await desk.stop("sell", price * 0.98, clientOrderId="q0000ab-1-s0-1")

    assert await desk.client.fetch_open_orders(BTC) == []
    with pytest.raises(ccxt.OrderNotFound, match="-2013"):
        await desk.client.fetch_order(sent["id"], BTC)
    waiting = await desk.client.fetch_open_orders(BTC, params={"trigger": True})
    assert [order["clientOrderId"] for order in waiting] == ["q0000ab-1-s0-1"]
    assert waiting[0]["triggerPrice"] == pytest.approx(price * 0.98, abs=0.1)


async def test_a_stop_fires_on_the_mark_and_closes_the_position(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy()
    sent = await desk.stop("sell", price * 0.98)

    desk.move(-2.5)

    async def flat() -> bool:
        return await desk.position() is None

    await until(flat)
    fired = await conditional(desk, sent)
    fills = await desk.client.fetch_my_trades(BTC)
    assert fired["info"]["algoStatus"] == "FINISHED"
    assert fired["info"]["actualOrderId"] == fills[-1]["order"]
    assert fills[-1]["price"] == pytest.approx(price * 0.975, rel=0.003)


async def test_a_stop_with_close_position_needs_no_quantity_and_takes_all(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy(0.03)
    sent = await desk.client.create_order(
        BTC, "market", "sell", 1, None, {"stopLossPrice": price * 0.98, "closePosition": True}
    )
    assert sent["info"]["closePosition"]
    assert sent["info"]["workingType"] == "CONTRACT_PRICE"

    desk.move(-2.5)

    async def flat() -> bool:
        return await desk.position() is None

    await until(flat)


async def test_a_take_profit_fires_the_other_way(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy()
    await desk.client.create_order(
        BTC, "market", "sell", 0.01, None, {"takeProfitPrice": price * 1.01, "reduceOnly": True}
    )

    desk.move(1.5)

    async def flat() -> bool:
        return await desk.position() is None

    await until(flat)


async def test_a_conditional_order_is_cancelled_by_its_own_service(desk: Desk) -> None:
    await desk.buy()
    sent = await desk.stop("sell", await desk.price() * 0.97)
    with pytest.raises(ccxt.OrderNotFound, match="-2011"):
        await desk.client.cancel_order(sent["id"], BTC)

    gone = await desk.client.cancel_order(sent["id"], BTC, {"trigger": True})

    assert gone["info"]["msg"] == "success"
    assert (await conditional(desk, sent))["status"] == "canceled"
    with pytest.raises(ccxt.OrderNotFound, match="-2011"):
        await desk.client.cancel_order(sent["id"], BTC, {"trigger": True})


async def test_all_conditional_orders_of_a_symbol_are_cancelled_at_once(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy()
    await desk.rest("buy", price * 0.98)
    await desk.stop("sell", price * 0.97)
    await desk.stop("sell", price * 0.96)

    await desk.client.cancel_all_orders(BTC, {"trigger": True})

    assert await desk.client.fetch_open_orders(BTC, params={"trigger": True}) == []
    assert len(await desk.client.fetch_open_orders(BTC)) == 1


async def test_what_rests_to_reduce_is_gone_with_its_position(desk: Desk) -> None:
    price = await desk.price()
    await desk.buy()
    await desk.rest("sell", price * 1.02, reduceOnly=True)
    await desk.client.create_order(BTC, "market", "sell", 0.01, None, {"reduceOnly": True})

    async def none_open() -> bool:
        return not await desk.client.fetch_open_orders(BTC)

    await until(none_open)
