"""How one trades on Bybit's unified accounts: the table's row, and the few calls it needs."""

from decimal import Decimal
from typing import Any, Final

from domain.accounts import KeyPermissions, PositionMode
from domain.directions import Direction
from domain.orders import OrderKind, OrderState
from engine.execution.parameters import StopTrigger
from exchanges.ccxt_broker.dialect import Dialect, FillWords, OrderWords, PositionWords, Row
from exchanges.ccxt_broker.verdicts import BYBIT_VERDICTS
from exchanges.ccxt_broker.weeks import WEEK_MS, week_from

_CATEGORY: Final = "linear"
_ANY_PAIR: Final = "BTCUSDT"
"""The position mode is told per pair, and Quorum has none that differs from the others."""
_TRADES: Final = ("Trade", "AdlTrade", "BustTrade")
"""Executions that change a position, liquidations too; funding is told among them."""
_LEGS: Final = {"1": Direction.LONG, "2": Direction.SHORT}

_WORDS: Final = OrderWords(
    venue_id="orderId",
    client_id="orderLinkId",
    status="orderStatus",
    states={
        "New": OrderState.RESTING,
        "Untriggered": OrderState.RESTING,
        "PartiallyFilled": OrderState.RESTING,
        "Triggered": OrderState.TRIGGERED,
        "Filled": OrderState.FILLED,
        "PartiallyFilledCanceled": OrderState.CANCELLED,
        "Cancelled": OrderState.CANCELLED,
        "Deactivated": OrderState.CANCELLED,
        # Acknowledged first and thrown out then, as a post-only order is that would take.
        "Rejected": OrderState.EXPIRED,
    },
    kind=("orderType", "timeInForce", "stopOrderType"),
    kinds={
        "Limit PostOnly": OrderKind.POST_ONLY,
        "Limit": OrderKind.LIMIT,
        # They take profit and protect nothing, so they must not pass for stops.
        "Market IOC TakeProfit": OrderKind.LIMIT,
        "Market IOC PartialTakeProfit": OrderKind.LIMIT,
        "Market IOC Stop": OrderKind.STOP,
        "Market IOC PartialStopLoss": OrderKind.STOP,
        "Market IOC TrailingStop": OrderKind.STOP,
        "Market": OrderKind.MARKET,
    },
    quantity="qty",
    filled="cumExecQty",
    average="avgPrice",
    engine_id="orderId",  # a triggered order keeps its id
    why="rejectReason",
    asked_for=frozenset({"", "EC_NoError", "EC_PerCancelRequest"}),
)


def _error_in(answer: Row) -> tuple[str | None, str]:
    code = str(answer.get("retCode", "0"))
    return (None, "") if code == "0" else (code, str(answer.get("retMsg", "")))


async def _find_rows(client: Any, name: str, client_id: str, _is_conditional: bool) -> list[Row]:
    """Open and just finished orders first, history for those that are gone from there."""
    asked = {"category": _CATEGORY, "symbol": client.market(name)["id"], "orderLinkId": client_id}
    for ask in (client.privateGetV5OrderRealtime, client.privateGetV5OrderHistory):
        rows: list[Row] = (await ask(asked))["result"]["list"]
        if rows:
            return rows
    return []


async def _fetch_open(client: Any, name: str | None, _is_conditional: bool) -> list[Row]:
    which = {"settleCoin": "USDT"} if name is None else {"symbol": client.market(name)["id"]}
    return await _all_pages(client.privateGetV5OrderRealtime, {**which, "limit": 50})


async def _fetch_positions(client: Any) -> list[Row]:
    return await _all_pages(client.privateGetV5PositionList, {"settleCoin": "USDT", "limit": 200})


async def _fetch_fills(client: Any, name: str, since_ms: int, now_ms: int) -> list[Row]:
    rows: list[Row] = []
    for begin in range(since_ms, max(since_ms, now_ms) + 1, WEEK_MS):
        asked = {
            "symbol": client.market(name)["id"],
            "limit": 100,
            **week_from(begin, now_ms),
        }
        rows += reversed(await _all_pages(client.privateGetV5ExecutionList, asked))
    return [row for row in rows if row["execType"] in _TRADES]


async def _all_pages(ask: Any, asked: dict[str, Any]) -> list[Row]:
    rows: list[Row] = []
    cursor = ""
    while True:
        terms = {"cursor": cursor} if cursor else {}
        result = (await ask({"category": _CATEGORY, **asked, **terms}))["result"]
        rows += result["list"]
        cursor = result.get("nextPageCursor") or ""
        if not cursor or not result["list"]:
            return rows


async def _fetch_mode(client: Any) -> PositionMode:
    answer = await client.privateGetV5PositionList({"category": _CATEGORY, "symbol": _ANY_PAIR})
    is_hedged = any(str(row["positionIdx"]) in _LEGS for row in answer["result"]["list"])
    return PositionMode.HEDGE if is_hedged else PositionMode.ONE_WAY


async def _fetch_permissions(client: Any) -> KeyPermissions:
    told = (await client.privateGetV5UserQueryApi())["result"]
    granted = told["permissions"]
    trades = {"Order", "Position"} <= set(granted.get("ContractTrade", []))
    return KeyPermissions(
        can_trade=str(told["readOnly"]) == "0" and trades,
        can_withdraw="Withdraw" in granted.get("Wallet", []),
    )


def _funds(answer: Row) -> tuple[Decimal, Decimal]:
    account = answer["result"]["list"][0]
    equity = Decimal(account["totalEquity"])
    # With isolated margin the account as a whole has no available balance: the coin's is told.
    coin = next(row for row in account["coin"] if row["coin"] == "USDT")
    free = account.get("totalAvailableBalance") or _unused(coin)
    return equity, Decimal(free)


def _unused(coin: Row) -> Decimal:
    used = Decimal(coin.get("totalOrderIM") or 0) + Decimal(coin.get("totalPositionIM") or 0)
    return max(Decimal(0), Decimal(coin["walletBalance"]) - used)


BYBIT: Final = Dialect(
    exchange_id="bybit",
    verdicts=BYBIT_VERDICTS,
    error_in=_error_in,
    plain=_WORDS,
    stop_by_name="triggerBy",
    stop_by={StopTrigger.MARK: "MarkPrice", StopTrigger.LAST: "LastPrice"},
    client_id_name="orderLinkId",
    leg="positionIdx",
    legs=_LEGS,
    positions=PositionWords(
        size="size",
        entry_price="avgPrice",
        side="side",
        sides={"Buy": Direction.LONG, "Sell": Direction.SHORT},
    ),
    fills=FillWords(
        trade_id="execId",
        venue_id="orderId",
        price="execPrice",
        quantity="execQty",
        fee="execFee",
        currency="feeCurrency",
        is_maker="isMaker",
        at_ms="execTime",
        closed="closedSize",
    ),
    find_rows=_find_rows,
    fetch_open=_fetch_open,
    fetch_positions=_fetch_positions,
    fetch_fills=_fetch_fills,
    fetch_mode=_fetch_mode,
    fetch_permissions=_fetch_permissions,
    funds=_funds,
    falls_or_rises=True,
    client_options={
        # Told, for ccxt would ask twice before the first order.
        "enableUnifiedMargin": False,
        "enableUnifiedAccount": True,
        "fetchMarkets": {"types": ["linear"]},
    },
    keeps_ccxt_pace=True,
)
