"""The same broker on Bybit: one book, acknowledgements of ids alone, no user stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.accounts import KeyPermissions, PositionMode
from domain.directions import Direction
from domain.errors import (
    AccessRefusedError,
    OrderRefusedError,
    OutcomeUnknownError,
    RateLimitedError,
    Refusal,
)
from domain.orders import OrderKind, OrderState, Side
from domain.timeframes import to_ms
from engine.ports.broker import AnyPair, Hint
from exchanges.ccxt_broker.verdicts import BYBIT_VERDICTS, Fate
from exchanges.venues import venue
from tests.unit.exchanges.ccxt_broker.order_rows import CLIENT_ID, limit, request, stop
from tests.unit.exchanges.ccxt_broker.scripted_venue import Several, Traded, traded
from tests.unit.exchanges.fakes import NOON

CREATE, CANCEL = "/v5/order/create", "/v5/order/cancel"
REALTIME, HISTORY = "/v5/order/realtime", "/v5/order/history"
POSITIONS, FILLS = "/v5/position/list", "/v5/execution/list"


def told(**result: Any) -> dict[str, Any]:
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": 1}


def refused(code: int) -> dict[str, Any]:
    return {"retCode": code, "retMsg": "no", "result": {}, "retExtInfo": {}, "time": 1}


def row(**changes: Any) -> dict[str, Any]:
    return {
        "symbol": "BTCUSDT",
        "orderId": "b-1",
        "orderLinkId": CLIENT_ID,
        "orderStatus": "New",
        "side": "Buy",
        "orderType": "Limit",
        "timeInForce": "GTC",
        "stopOrderType": "",
        "qty": "0.012",
        "price": "20000.1",
        "triggerPrice": "",
        "cumExecQty": "0",
        "avgPrice": "",
        "reduceOnly": False,
        "positionIdx": 0,
    } | changes


STOP_ROW = row(
    orderLinkId="qabc123-7-s0-1",
    orderStatus="Untriggered",
    side="Sell",
    orderType="Market",
    timeInForce="IOC",
    stopOrderType="Stop",
    price="0",
    triggerPrice="19000.5",
    reduceOnly=True,
)
ACKNOWLEDGED = told(orderId="b-1", orderLinkId=CLIENT_ID)
PAIR = {
    "symbol": "BTCUSDT",
    "contractType": "LinearPerpetual",
    "status": "Trading",
    "baseCoin": "BTC",
    "quoteCoin": "USDT",
    "settleCoin": "USDT",
    "launchTime": "1584230400000",
    "deliveryTime": "0",
    "priceScale": "2",
    "leverageFilter": {"minLeverage": "1", "maxLeverage": "100", "leverageStep": "0.01"},
    "priceFilter": {"minPrice": "0.10", "maxPrice": "199999.80", "tickSize": "0.10"},
    "lotSizeFilter": {
        "maxOrderQty": "100.000",
        "minOrderQty": "0.001",
        "qtyStep": "0.001",
        "maxMktOrderQty": "50.000",
        "minNotionalValue": "5",
    },
}
ONE_WAY = told(list=[{"positionIdx": 0, "symbol": "BTCUSDT", "side": "", "size": "0"}])
HEDGE = told(list=[{"positionIdx": index, "symbol": "BTCUSDT", "size": "0"} for index in (1, 2)])


@asynccontextmanager
async def bybit(**answers: Any) -> AsyncIterator[Traded]:
    usual = {
        "GET /v5/market/instruments-info": told(list=[PAIR], category="linear"),
        f"GET {POSITIONS}": ONE_WAY,
    }
    named = {f"{name.split('_')[0]} {PATHS[name.split('_')[1]]}": a for name, a in answers.items()}
    async with traded(usual | named, where=venue("bybit")) as at:
        yield at


PATHS = {
    "create": CREATE,
    "cancel": CANCEL,
    "realtime": REALTIME,
    "history": HISTORY,
    "positions": POSITIONS,
    "fills": FILLS,
    "key": "/v5/user/query-api",
    "margin": "/v5/account/set-margin-mode",
    "leverage": "/v5/position/set-leverage",
    "wallet": "/v5/account/wallet-balance",
}


async def test_entry_carries_our_id_and_its_acknowledgement_means_resting() -> None:
    async with bybit(POST_create=ACKNOWLEDGED) as at:
        report = await at.broker.place(request())
        (sent,) = at.venue.terms("POST", CREATE)
    assert (sent["orderLinkId"], sent["side"], sent["qty"]) == (CLIENT_ID, "Buy", "0.012")
    assert (sent["orderType"], sent["category"]) == ("Market", "linear")
    assert (report.state, report.venue_id) == (OrderState.RESTING, "b-1")
    assert report.filled_quantity == 0


@pytest.mark.parametrize(
    ("direction", "side", "way"), [(Direction.LONG, Side.SELL, 2), (Direction.SHORT, Side.BUY, 1)]
)
async def test_stop_names_price_side_and_the_way_it_falls(
    direction: Direction, side: Side, way: int
) -> None:
    async with bybit(POST_create=ACKNOWLEDGED) as at:
        await at.broker.place(stop(direction=direction, side=side))
        (sent,) = at.venue.terms("POST", CREATE)
    assert (sent["triggerPrice"], sent["triggerBy"]) == ("19000.5", "MarkPrice")
    assert (sent["triggerDirection"], sent["reduceOnly"]) == (way, True)
    assert sent["orderType"] == "Market"


async def test_post_only_and_hedge_are_in_bybits_words() -> None:
    async with bybit(POST_create=ACKNOWLEDGED, GET_positions=HEDGE) as at:
        await at.broker.place(limit(kind=OrderKind.POST_ONLY))
        await at.broker.place(limit(side=Side.SELL, reduces=True))
        entry, target = at.venue.terms("POST", CREATE)
    assert (entry["timeInForce"], entry["price"], entry["positionIdx"]) == (
        "PostOnly",
        "20000.1",
        1,
    )
    assert target["positionIdx"] == 1


async def test_order_is_found_among_open_ones_or_in_history() -> None:
    gone = row(orderStatus="Filled", cumExecQty="0.012", avgPrice="20000.1")
    async with bybit(GET_realtime=told(list=[]), GET_history=told(list=[gone])) as at:
        report = await at.broker.find_order(limit())
        assert at.venue.terms("GET", REALTIME)[0]["orderLinkId"] == CLIENT_ID
    assert report is not None
    assert (report.state, report.average_price) == (OrderState.FILLED, Decimal("20000.1"))


async def test_order_that_is_nowhere_is_none() -> None:
    async with bybit(GET_realtime=told(list=[]), GET_history=told(list=[])) as at:
        assert await at.broker.find_order(limit()) is None


async def test_triggered_stop_keeps_its_id_for_its_fills() -> None:
    fired = STOP_ROW | {"orderStatus": "Triggered"}
    async with bybit(GET_realtime=told(list=[fired])) as at:
        report = await at.broker.find_order(stop())
    assert report is not None
    assert (report.state, report.engine_id) == (OrderState.TRIGGERED, "b-1")


@pytest.mark.parametrize(
    ("status", "reason", "state"),
    [
        ("Rejected", "EC_PostOnlyWillTakeLiquidity", OrderState.EXPIRED),
        ("Rejected", "", OrderState.EXPIRED),
        ("Cancelled", "EC_PostOnlyWillTakeLiquidity", OrderState.EXPIRED),
        ("Cancelled", "EC_NoImmediateQtyToFill", OrderState.EXPIRED),
        ("Cancelled", "EC_SomethingNew", OrderState.EXPIRED),
        ("Cancelled", "EC_PerCancelRequest", OrderState.CANCELLED),
        ("Cancelled", "EC_NoError", OrderState.CANCELLED),
        ("Cancelled", "", OrderState.CANCELLED),
        ("Cancelled", None, OrderState.CANCELLED),
        ("Deactivated", "EC_NoError", OrderState.CANCELLED),
        ("New", "EC_NoError", OrderState.RESTING),
    ],
)
async def test_what_the_venue_ended_itself_has_expired(
    status: str, reason: str | None, state: OrderState
) -> None:
    ended = row(orderStatus=status, rejectReason=reason)
    async with bybit(GET_realtime=told(list=[ended])) as at:
        report = await at.broker.find_order(limit(kind=OrderKind.POST_ONLY))
    assert report is not None
    assert report.state is state


async def test_cancelled_order_is_asked_for_as_the_answer_names_no_state() -> None:
    ended = row(orderStatus="Cancelled", cumExecQty="0.004")
    async with bybit(POST_cancel=ACKNOWLEDGED, GET_realtime=told(list=[ended])) as at:
        report = await at.broker.cancel(limit())
        (sent,) = at.venue.terms("POST", CANCEL)
    assert sent["orderLinkId"] == CLIENT_ID
    assert "orderId" not in sent
    assert (report.state, report.filled_quantity) == (OrderState.CANCELLED, Decimal("0.004"))


async def test_open_orders_are_read_to_the_last_page() -> None:
    take_profit = STOP_ROW | {"stopOrderType": "TakeProfit", "orderId": "b-3"}
    pages = [
        told(list=[row(timeInForce="PostOnly")], nextPageCursor="more"),
        told(list=[STOP_ROW, take_profit], nextPageCursor=""),
    ]
    async with bybit(GET_realtime=Several(pages)) as at:
        entry, protection, foreign = await at.broker.list_open_orders()
        assert at.venue.terms("GET", REALTIME)[1]["cursor"] == "more"
    assert (entry.kind, protection.kind) == (OrderKind.POST_ONLY, OrderKind.STOP)
    assert foreign.kind is not OrderKind.STOP
    assert (protection.trigger, protection.direction) == (Decimal("19000.5"), Direction.LONG)


async def test_every_listed_refusal_reaches_whoever_places() -> None:
    refusals = [(code, one) for code, one in BYBIT_VERDICTS.items() if isinstance(one, Refusal)]
    async with bybit() as at:
        for code, refusal in refusals:
            at.venue.answers[f"POST {CREATE}"] = refused(int(code))
            with pytest.raises(OrderRefusedError) as raised:
                await at.broker.place(request())
            assert raised.value.refusal is refusal, code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (10000, OutcomeUnknownError),
        (10016, OutcomeUnknownError),
        (10003, AccessRefusedError),
        (10006, RateLimitedError),
    ],
)
async def test_other_codes_are_told_by_what_became_of_the_order(
    code: int, kind: type[Exception]
) -> None:
    async with bybit(POST_create=refused(code)) as at:
        with pytest.raises(kind):
            await at.broker.place(request())
        assert (at.budget.silent_seconds > 0) == (kind is RateLimitedError)


async def test_preparing_what_is_so_already_is_success() -> None:
    assert BYBIT_VERDICTS["110043"] is Fate.NO_CHANGE
    async with bybit(POST_margin=refused(110026), POST_leverage=refused(110043)) as at:
        await at.broker.prepare("BTCUSDT", 5)
        assert at.venue.terms("POST", PATHS["leverage"])[0]["buyLeverage"] == "5"


async def test_standing_positions_and_permissions_are_read() -> None:
    account = {
        "totalEquity": "1012.5",
        "totalAvailableBalance": "",
        "coin": [{"coin": "USDT", "walletBalance": "1000", "totalPositionIM": "90"}],
    }
    held = {
        "symbol": "BTCUSDT",
        "side": "Sell",
        "size": "0.3",
        "avgPrice": "20000.5",
        "liqPrice": "24000.1",
        "leverage": "5",
        "positionIdx": 2,
    }
    rights = {"readOnly": 0, "permissions": {"ContractTrade": ["Order", "Position"], "Wallet": []}}
    async with bybit(
        GET_wallet=told(list=[account]), GET_positions=told(list=[held]), GET_key=told(**rights)
    ) as at:
        standing = await at.broker.read_standing()
        (position,) = await at.broker.list_positions()
        permissions = await at.broker.read_permissions()
    assert (standing.equity, standing.available) == (Decimal("1012.5"), Decimal(910))
    assert standing.position_mode is PositionMode.HEDGE
    assert (position.direction, position.quantity) == (Direction.SHORT, Decimal("0.3"))
    assert (position.leverage, position.liquidation_price) == (5, Decimal("24000.1"))
    assert permissions == KeyPermissions(can_trade=True, can_withdraw=False)


def fill(number: int, kind: str = "Trade", **changes: Any) -> dict[str, Any]:
    return {
        "execType": kind,
        "execId": f"x-{number}",
        "orderId": "b-1",
        "symbol": "BTCUSDT",
        "side": "Buy",
        "execPrice": "20000.1",
        "execQty": "0.002",
        "closedSize": "0",
        "execFee": "0.01",
        "isMaker": True,
        "execTime": str(to_ms(NOON)),
    } | changes


@pytest.mark.parametrize(
    ("side", "closed", "leg"),
    [
        ("Buy", "0", Direction.LONG),
        ("Sell", "0", Direction.SHORT),
        ("Sell", "0.002", Direction.LONG),
        ("Buy", "0.002", Direction.SHORT),
        # One-way mode: what was held is closed, and the opposite opened.
        ("Sell", "0.0015", None),
        ("Buy", "0.0015", None),
        ("Sell", "", None),
        ("Buy", None, None),
    ],
)
async def test_leg_of_a_fill_is_told_by_what_it_closed(
    side: str, closed: str | None, leg: Direction | None
) -> None:
    told_fill = fill(1, side=side, closedSize=closed)
    async with bybit(GET_fills=told(list=[told_fill])) as at:
        (found,) = await at.broker.list_fills("BTCUSDT", NOON - timedelta(hours=1))
    assert found.direction is leg


async def test_fills_come_newest_first_in_pages_and_are_told_oldest_first() -> None:
    pages = [
        told(list=[fill(4, "BustTrade"), fill(3, "Funding")], nextPageCursor="p2"),
        told(list=[fill(2), fill(1)], nextPageCursor=""),
    ]
    async with bybit(GET_fills=Several(pages)) as at:
        fills = await at.broker.list_fills("BTCUSDT", NOON - timedelta(hours=1))
        assert "execType" not in at.venue.terms("GET", FILLS)[0]  # it would hide liquidations
    assert [one.trade_id for one in fills] == ["x-1", "x-2", "x-4"]
    assert (fills[0].fee, fills[0].fee_currency, fills[0].is_maker) == (
        Decimal("0.01"),
        "USDT",
        True,
    )


async def test_without_a_user_stream_hints_come_by_the_clock() -> None:
    async with bybit() as at:
        hints: list[Hint] = []
        enough = asyncio.Event()

        def on_hint(hint: Hint) -> None:
            hints.append(hint)
            if len(hints) == 3:
                enough.set()

        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(at.broker.run(on_hint))
            await asyncio.wait_for(enough.wait(), 5)
            running.cancel()
        assert set(hints) == {AnyPair.TIME_PASSED}
        assert at.clock.slept[0] == pytest.approx(2.0)
