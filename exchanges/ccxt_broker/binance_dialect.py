"""How one trades on Binance USDⓈ-M futures: the table's row, and the few calls it needs."""

from decimal import Decimal
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from domain.accounts import KeyPermissions, PositionMode
from domain.directions import Direction
from domain.orders import OrderKind, OrderState
from engine.execution.parameters import StopTrigger
from exchanges.ccxt_broker.calls import VenueAnswerError
from exchanges.ccxt_broker.dialect import Dialect, FillWords, OrderWords, PositionWords, Row
from exchanges.ccxt_broker.verdicts import BINANCE_VERDICTS, Fate
from exchanges.ccxt_broker.weeks import WEEK_MS, week_from

_FILLS_PER_PAGE: Final = 1000
_NO_ERROR_CODES: Final = ("200", "0")
_PRACTICE_HOSTS: Final = ("demo-", "testnet.")
_LEGS: Final = {"LONG": Direction.LONG, "SHORT": Direction.SHORT}

_PLAIN: Final = OrderWords(
    venue_id="orderId",
    client_id="clientOrderId",
    status="status",
    states={
        "NEW": OrderState.RESTING,
        "PARTIALLY_FILLED": OrderState.RESTING,
        "FILLED": OrderState.FILLED,
        "CANCELED": OrderState.CANCELLED,
        "EXPIRED": OrderState.EXPIRED,
        "EXPIRED_IN_MATCH": OrderState.EXPIRED,
        "REJECTED": OrderState.REFUSED,
    },
    kind=("type", "timeInForce"),
    kinds={"LIMIT GTX": OrderKind.POST_ONLY, "LIMIT": OrderKind.LIMIT, "MARKET": OrderKind.MARKET},
    quantity="origQty",
    filled="executedQty",
    average="avgPrice",
)

_CONDITIONAL: Final = OrderWords(
    venue_id="algoId",
    client_id="clientAlgoId",
    status="algoStatus",
    states={
        "NEW": OrderState.RESTING,
        # Fired; whether it fills is the business of the order it has become, so neither of these
        # is taken for a fill: FINISHED covers orders that the engine cancelled.
        "TRIGGERING": OrderState.TRIGGERED,
        "TRIGGERED": OrderState.TRIGGERED,
        "FINISHED": OrderState.TRIGGERED,
        "CANCELED": OrderState.CANCELLED,
        "EXPIRED": OrderState.EXPIRED,
        "REJECTED": OrderState.EXPIRED,  # it had been accepted: the engine would not have it
    },
    kind=("orderType",),
    kinds={
        "STOP": OrderKind.STOP,
        "TRAILING_STOP_MARKET": OrderKind.STOP,
        # They take profit and protect nothing, so they must not pass for stops.
        "TAKE_PROFIT": OrderKind.LIMIT,
    },
    quantity="quantity",
    engine_id="actualOrderId",
    closes_all="closePosition",
)


def _error_in(answer: Row) -> tuple[str | None, str]:
    code = str(answer.get("code", _NO_ERROR_CODES[0]))
    return (None, "") if code in _NO_ERROR_CODES else (code, str(answer.get("msg", "")))


async def _find_rows(client: Any, name: str, client_id: str, is_conditional: bool) -> list[Row]:
    order = await client.fetch_order(
        None, name, {"clientOrderId": client_id, "trigger": is_conditional}
    )
    return [order["info"]]


async def _fetch_open(client: Any, name: str | None, is_conditional: bool) -> list[Row]:
    # Without the word, ccxt shows none of the stops.
    orders = await client.fetch_open_orders(name, None, None, {"trigger": is_conditional})
    return [order["info"] for order in orders]


async def _fetch_positions(client: Any) -> list[Row]:
    # ccxt's own would ask for leverage brackets first, which nobody needs here.
    rows: list[Row] = await client.fapiPrivateV3GetPositionRisk()
    return rows


async def _fetch_fills(client: Any, name: str, since_ms: int, now_ms: int) -> list[Row]:
    """By weeks; from the first page that is full on by id, for time cannot split a millisecond."""
    rows: list[Row] = []
    for begin in range(since_ms, max(since_ms, now_ms) + 1, WEEK_MS):
        page = await _page(client, name, week_from(begin, now_ms))
        rows += page
        if len(page) == _FILLS_PER_PAGE:
            return rows + await _after(client, name, page)
    return rows


async def _after(client: Any, name: str, page: list[Row]) -> list[Row]:
    rows: list[Row] = []
    while len(page) == _FILLS_PER_PAGE:
        newest = int(page[-1]["id"])
        page = await _page(client, name, {"fromId": newest + 1})
        rows += page
    return rows


async def _page(client: Any, name: str, terms: dict[str, int]) -> list[Row]:
    # ccxt's own would sort the fills of a millisecond by the text of their ids.
    asked = {"symbol": client.market(name)["id"], "limit": _FILLS_PER_PAGE, **terms}
    rows: list[Row] = await client.fapiPrivateGetUserTrades(asked)
    return sorted(rows, key=lambda row: int(row["id"]))


async def _fetch_mode(client: Any) -> PositionMode:
    mode = await client.fetch_position_mode()
    return PositionMode.HEDGE if mode["hedged"] else PositionMode.ONE_WAY


async def _fetch_permissions(client: Any) -> KeyPermissions:
    """Demo trading cannot tell: that a signed question is answered has to do.

    Where money is real, an answer that does not tell is no reason to believe that all is well.
    """
    try:
        told = await client.sapiGetAccountApiRestrictions()
    except VenueAnswerError as error:
        if isinstance(error.verdict, Fate):
            raise
        await _fetch_mode(client)
        return KeyPermissions(
            can_trade=True, can_withdraw=None, is_practice=_is_practice(client.urls["api"])
        )
    return KeyPermissions(
        can_trade=bool(told["enableFutures"]), can_withdraw=bool(told["enableWithdrawals"])
    )


def _is_practice(addresses: dict[str, str]) -> bool:
    """Whether they are those of demo trading, of the testnet, or of a venue of one's own."""
    host = urlsplit(addresses["fapiPrivate"]).hostname or ""
    if host.startswith(_PRACTICE_HOSTS):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host  # a name within one machine or one compose file


def _funds(account: Row) -> tuple[Decimal, Decimal]:
    return Decimal(account["totalMarginBalance"]), Decimal(account["availableBalance"])


BINANCE: Final = Dialect(
    exchange_id="binanceusdm",
    verdicts=BINANCE_VERDICTS,
    error_in=_error_in,
    plain=_PLAIN,
    conditional=_CONDITIONAL,
    second_book={"trigger": True},
    stop_by_name="workingType",
    stop_by={StopTrigger.MARK: "MARK_PRICE", StopTrigger.LAST: "CONTRACT_PRICE"},
    client_id_name="clientOrderId",
    leg="positionSide",
    legs=_LEGS,
    positions=PositionWords(
        size="positionAmt",
        entry_price="entryPrice",
        side="positionSide",
        sides={"BOTH": None, **_LEGS},
    ),
    fills=FillWords(
        trade_id="id",
        venue_id="orderId",
        price="price",
        quantity="qty",
        fee="commission",
        currency="commissionAsset",
        is_maker="maker",
        at_ms="time",
    ),
    find_rows=_find_rows,
    fetch_open=_fetch_open,
    fetch_positions=_fetch_positions,
    fetch_fills=_fetch_fills,
    fetch_mode=_fetch_mode,
    fetch_permissions=_fetch_permissions,
    funds=_funds,
    # Asking for the open orders of all pairs is dear, and meant.
    client_options={"warnOnFetchOpenOrdersWithoutSymbol": False},
    listens=True,
)
