"""Positions, balances, leverage, margin type and position mode, as ccxt reads and sets them."""

import ccxt
import pytest

from tests.contract.simulator.trading import BTC, Desk


async def test_a_position_is_told_with_its_margin_and_liquidation_price(desk: Desk) -> None:
    await desk.buy(0.02)
    position = await desk.position()

    assert (position["side"], position["contracts"]) == ("long", 0.02)
    assert position["marginMode"] == "isolated"
    assert position["hedged"] is False
    assert position["initialMargin"] == pytest.approx(0.02 * position["markPrice"] / 5, rel=0.01)
    assert 0 < position["liquidationPrice"] < position["entryPrice"] * 0.85
    assert "leverage" not in position["info"]


async def test_a_short_is_told_with_a_negative_size(desk: Desk) -> None:
    await desk.client.create_order(BTC, "market", "sell", 0.02)
    position = await desk.position()

    assert (position["side"], position["contracts"]) == ("short", 0.02)
    assert float(position["info"]["positionAmt"]) == -0.02
    assert position["liquidationPrice"] > position["entryPrice"] * 1.15


async def test_the_balance_bears_fees_and_margin(desk: Desk) -> None:
    before = (await desk.client.fetch_balance())["USDT"]
    await desk.buy(0.02)
    after = (await desk.client.fetch_balance())["USDT"]
    price = (await desk.position())["entryPrice"]

    assert before == {"free": 10_000.0, "used": 0.0, "total": 10_000.0}
    assert desk.wallet < 10_000
    assert after["free"] == pytest.approx(10_000 - 0.02 * price / 5, abs=5)


async def test_balances_are_told_by_v3_too(desk: Desk) -> None:
    rows = await desk.client.fapiPrivateV3GetBalance()

    assert [(row["asset"], float(row["balance"])) for row in rows] == [("USDT", 10_000.0)]


async def test_a_flat_symbol_with_an_order_is_among_the_positions(desk: Desk) -> None:
    await desk.rest("buy", await desk.price() * 0.98)
    rows = await desk.client.fapiPrivateV3GetPositionRisk()

    assert [(row["symbol"], float(row["positionAmt"])) for row in rows] == [("BTCUSDT", 0.0)]


async def test_margin_type_is_told_and_not_set_twice(desk: Desk) -> None:
    with pytest.raises(ccxt.MarginModeAlreadySet):
        await desk.client.fapiPrivatePostMarginType({"symbol": "BTCUSDT", "marginType": "ISOLATED"})
    config = await desk.client.fapiPrivateGetSymbolConfig({"symbol": "BTCUSDT"})
    assert [(row["marginType"], int(row["leverage"])) for row in config] == [("ISOLATED", 5)]


async def test_margin_type_stays_while_an_order_is_open(desk: Desk) -> None:
    await desk.rest("buy", await desk.price() * 0.98)

    with pytest.raises(ccxt.BaseError, match="-4047"):
        await desk.client.fapiPrivatePostMarginType({"symbol": "BTCUSDT", "marginType": "CROSSED"})


async def test_leverage_above_the_highest_is_refused(desk: Desk) -> None:
    with pytest.raises(ccxt.BaseError, match="-4028"):
        await desk.client.fapiPrivatePostLeverage({"symbol": "BTCUSDT", "leverage": 126})


async def test_position_mode_is_told_set_and_kept_while_something_is_open(desk: Desk) -> None:
    assert (await desk.client.fetch_position_mode())["hedged"] is False
    with pytest.raises(ccxt.OperationRejected, match="-4059"):
        await desk.client.set_position_mode(False)

    order = await desk.rest("buy", await desk.price() * 0.98)
    with pytest.raises(ccxt.OperationRejected, match="-4067"):
        await desk.client.set_position_mode(True)
    await desk.client.cancel_order(order["id"], BTC)

    await desk.buy()
    with pytest.raises(ccxt.OperationRejected, match="-4068"):
        await desk.client.set_position_mode(True)


async def test_hedge_mode_holds_both_sides_at_once(desk: Desk) -> None:
    await desk.client.set_position_mode(True)
    await desk.client.create_order(BTC, "market", "buy", 0.02, None, {"positionSide": "LONG"})
    await desk.client.create_order(BTC, "market", "sell", 0.01, None, {"positionSide": "SHORT"})
    await desk.client.create_order(BTC, "market", "sell", 0.01, None, {"positionSide": "LONG"})

    held = await desk.client.fetch_positions([BTC])

    assert {(p["side"], p["contracts"]) for p in held} == {("long", 0.01), ("short", 0.01)}
    assert all(p["hedged"] for p in held)
    with pytest.raises(ccxt.BaseError, match="-1106"):
        await desk.client.fapiPrivatePostOrder(
            {
                "symbol": "BTCUSDT",
                "side": "SELL",
                "type": "MARKET",
                "quantity": "0.01",
                "positionSide": "LONG",
                "reduceOnly": "true",
            }
        )


async def test_leverage_brackets_leave_no_gap(newcomer: Desk) -> None:
    tiers = await newcomer.client.fetch_leverage_tiers([BTC])

    rows = tiers[BTC]
    assert rows[0]["maxLeverage"] == 125
    assert [row["minNotional"] for row in rows[1:]] == [row["maxNotional"] for row in rows[:-1]]


async def test_fees_and_what_was_paid_of_them(desk: Desk) -> None:
    fees = await desk.client.fetch_trading_fee(BTC)
    await desk.buy()
    paid = await desk.client.fapiPrivateGetIncome({"incomeType": "COMMISSION"})
    price = (await desk.position())["entryPrice"]

    assert (fees["maker"], fees["taker"]) == (0.0002, 0.0005)
    total = sum(float(row["income"]) for row in paid)
    assert total == pytest.approx(-0.0005 * 0.01 * price, rel=1e-6)


async def test_an_account_is_liquidated_below_its_maintenance_margin(desk: Desk) -> None:
    await desk.client.set_leverage(50, BTC)
    await desk.buy(0.1)

    desk.move(-2.6)
    await desk.client.fetch_balance()

    account = await desk.client.fapiPrivateV3GetAccount()
    fills = await desk.client.fetch_my_trades(BTC)
    assert await desk.position() is None
    assert float(account["totalWalletBalance"]) < 10_000 - 0.1 * fills[0]["price"] * 0.015
