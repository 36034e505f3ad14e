"""The venue says no with its own codes, and ccxt raises the class that its table has for each."""

from collections.abc import Awaitable, Callable
from typing import Any

import ccxt
import pytest

from tests.contract.simulator.trading import BTC, Desk

Try = Callable[[Desk, float], Awaitable[Any]]


async def too_large_for_the_wallet(desk: Desk, _: float) -> Any:
    return await desk.buy(0.6)


async def above_the_bracket(desk: Desk, _: float) -> Any:
    await desk.client.set_leverage(125, BTC)
    return await desk.buy(4.0)


async def stop_already_passed(desk: Desk, price: float) -> Any:
    await desk.buy()
    return await desk.stop("sell", price * 1.01)


async def reducing_nothing(desk: Desk, _: float) -> Any:
    return await desk.client.create_order(BTC, "market", "sell", 0.01, None, {"reduceOnly": True})


async def wrong_position_side(desk: Desk, _: float) -> Any:
    return await desk.buy(positionSide="LONG")


async def same_id_again(desk: Desk, price: float) -> Any:
    await desk.rest("buy", price * 0.98, clientOrderId="q0000ac-1-e0-1")
    return await desk.rest("buy", price * 0.98, clientOrderId="q0000ac-1-e0-1")


async def conditional_at_the_wrong_door(desk: Desk, price: float) -> Any:
    return await raw(desk, type="STOP_MARKET", stopPrice=price * 0.98)


async def below_the_least_notional(desk: Desk, _: float) -> Any:
    return await desk.client.create_order(BTC, "limit", "buy", 0.001, 40_000.0)


async def post_only_that_takes(desk: Desk, price: float) -> Any:
    return await desk.rest("buy", price * 1.01, postOnly=True)


async def too_many_decimals(desk: Desk, _: float) -> Any:
    return await raw(desk, quantity="0.0100001")


async def nothing_at_all(desk: Desk, _: float) -> Any:
    return await raw(desk, quantity="0")


async def far_from_the_mark(desk: Desk, price: float) -> Any:
    return await desk.rest("buy", price * 1.2)


async def more_than_a_market_order_may(desk: Desk, _: float) -> Any:
    return await desk.buy(100_000.0)


async def unknown_order(desk: Desk, _: float) -> Any:
    return await desk.client.cancel_order("123", BTC)


async def unknown_order_asked_for(desk: Desk, _: float) -> Any:
    return await desk.client.fetch_order("123", BTC)


async def strange_type(desk: Desk, _: float) -> Any:
    return await raw(desk, type="SORCERY")


async def missing_quantity(desk: Desk, _: float) -> Any:
    return await raw(desk, quantity=None)


async def raw(desk: Desk, **changes: Any) -> Any:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01", **changes}
    return await desk.client.fapiPrivatePostOrder(
        {name: value for name, value in order.items() if value is not None}
    )


@pytest.mark.parametrize(
    ("attempt", "code", "error"),
    [
        (too_large_for_the_wallet, -2019, ccxt.InsufficientFunds),
        (above_the_bracket, -2027, ccxt.OperationRejected),
        (stop_already_passed, -2021, ccxt.OrderImmediatelyFillable),
        (reducing_nothing, -2022, ccxt.InvalidOrder),
        (wrong_position_side, -4061, ccxt.OperationRejected),
        (same_id_again, -4116, ccxt.InvalidOrder),
        (conditional_at_the_wrong_door, -4120, ccxt.InvalidOrder),
        (below_the_least_notional, -4164, ccxt.InvalidOrder),
        (post_only_that_takes, -5022, ccxt.OrderNotFillable),
        (too_many_decimals, -1111, ccxt.BadRequest),
        (nothing_at_all, -4003, ccxt.BadRequest),
        (far_from_the_mark, -4016, ccxt.ExchangeError),
        (more_than_a_market_order_may, -4005, ccxt.ExchangeError),
        (unknown_order, -2011, ccxt.OrderNotFound),
        (unknown_order_asked_for, -2013, ccxt.OrderNotFound),
        (strange_type, -1116, ccxt.BadRequest),
        (missing_quantity, -1102, ccxt.BadRequest),
    ],
)
async def test_a_broken_rule_is_refused_with_the_venues_code(
    desk: Desk, attempt: Try, code: int, error: type[Exception]
) -> None:
    price, wallet = await desk.price(), desk.wallet
    with pytest.raises(error, match=f'"code":{code},'):
        await attempt(desk, price)

    assert desk.wallet <= wallet


async def test_a_pair_on_crossed_margin_takes_no_orders_here(newcomer: Desk) -> None:
    with pytest.raises(ccxt.BaseError, match="isolated margin alone"):
        await newcomer.buy()


async def test_a_pair_that_is_being_settled_takes_no_orders(desk: Desk) -> None:
    with pytest.raises(ccxt.BaseError, match=r"-1121|-4108"):
        await raw(desk, symbol="OLDUSDT")


async def test_a_price_off_the_tick_is_refused(desk: Desk) -> None:
    with pytest.raises(ccxt.BadRequest, match=r"-1111|-4014"):
        await raw(desk, type="LIMIT", timeInForce="GTC", price="90000.05")
