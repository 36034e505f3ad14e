"""Margin and leverage, standing, positions, fills and what a key may do."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.accounts import KeyPermissions, PositionMode
from domain.directions import Direction
from domain.errors import (
    AccessRefusedError,
    ConfigurationError,
    OrderRefusedError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.orders import Side
from domain.timeframes import to_ms
from exchanges.ccxt_broker.dialects import dialect_of
from tests.unit.exchanges.ccxt_broker.scripted_venue import Failure, traded
from tests.unit.exchanges.fakes import NOON

LEVERAGE, MARGIN = "/fapi/v1/leverage", "/fapi/v1/marginType"
ACCOUNT, POSITIONS = "/fapi/v3/account", "/fapi/v3/positionRisk"
TRADES, KEY_MAY = "/fapi/v1/userTrades", "/sapi/v1/account/apiRestrictions"
DONE = {"code": 200, "msg": "success"}
LEVERED = {"leverage": 5, "maxNotionalValue": "1000000", "symbol": "BTCUSDT"}
WEEK = timedelta(days=7)


def trade(number: int, at_ms: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "orderId": 4711,
        "symbol": "BTCUSDT",
        "side": "SELL",
        "positionSide": "BOTH",
        "price": "20000.1",
        "qty": "0.002",
        "quoteQty": "40.0",
        "commission": "0.0160",
        "commissionAsset": "USDT",
        "realizedPnl": "0",
        "maker": False,
        "buyer": False,
        "time": at_ms,
    } | changes


async def test_preparing_sets_isolated_margin_and_leverage_once() -> None:
    async with traded({f"POST {MARGIN}": DONE, f"POST {LEVERAGE}": LEVERED}) as at:
        await at.broker.prepare("BTCUSDT", 5)
        await at.broker.prepare("BTCUSDT", 5)
        assert at.venue.terms("POST", MARGIN)[0]["marginType"] == "ISOLATED"
        assert at.venue.terms("POST", LEVERAGE)[0]["leverage"] == "5"
        assert (at.venue.count("POST", MARGIN), at.venue.count("POST", LEVERAGE)) == (1, 1)
        await at.broker.prepare("BTCUSDT", 3)
        assert at.venue.count("POST", LEVERAGE) == 2


@pytest.mark.parametrize("code", [-4046, -4059])
async def test_what_is_so_already_is_as_good_as_done(code: int) -> None:
    """-4046 and -4059 are successes."""
    so_already = Failure(code=code, text="No need to change margin type.")
    async with traded({f"POST {MARGIN}": so_already, f"POST {LEVERAGE}": LEVERED}) as at:
        await at.broker.prepare("BTCUSDT", 5)
        assert at.venue.count("POST", LEVERAGE) == 1


async def test_preparing_that_was_refused_is_tried_again_next_time() -> None:
    async with traded({f"POST {MARGIN}": DONE, f"POST {LEVERAGE}": Failure(code=-4028)}) as at:
        for _ in range(2):
            with pytest.raises(OrderRefusedError):
                await at.broker.prepare("BTCUSDT", 5)
        assert at.venue.count("POST", LEVERAGE) == 2


@pytest.mark.parametrize(
    ("is_dual", "mode"), [(False, PositionMode.ONE_WAY), (True, PositionMode.HEDGE)]
)
async def test_standing_tells_equity_free_margin_and_mode(is_dual: bool, mode: object) -> None:
    account = {"totalMarginBalance": "1012.50", "availableBalance": "900.25", "assets": []}
    dual = {"dualSidePosition": is_dual}
    async with traded({f"GET {ACCOUNT}": account, "GET /fapi/v1/positionSide/dual": dual}) as at:
        standing = await at.broker.read_standing()
    assert (standing.equity, standing.available) == (Decimal("1012.50"), Decimal("900.25"))
    assert standing.position_mode is mode


async def test_positions_tell_direction_by_sign_or_side_and_leave_out_flat_ones() -> None:
    rows = [
        {
            "symbol": "BTCUSDT",
            "positionSide": "BOTH",
            "positionAmt": "-0.300",
            "entryPrice": "20000.5",
            "liquidationPrice": "24000.1",
        },
        {"symbol": "ETHUSDT", "positionSide": "LONG", "positionAmt": "2", "entryPrice": "1500.1"},
        {"symbol": "ETHUSDT", "positionSide": "SHORT", "positionAmt": "-1", "entryPrice": "1600"},
        {"symbol": "ETHUSDT", "positionSide": "BOTH", "positionAmt": "0.000", "entryPrice": "0"},
        {"symbol": "BTCUSD_PERP", "positionSide": "BOTH", "positionAmt": "7", "entryPrice": "1"},
    ]
    async with traded({f"GET {POSITIONS}": rows}) as at:
        held = await at.broker.list_positions()
    assert [(one.symbol, one.direction, one.quantity) for one in held] == [
        ("BTCUSDT", Direction.SHORT, Decimal("0.300")),
        ("ETHUSDT", Direction.LONG, Decimal(2)),
        ("ETHUSDT", Direction.SHORT, Decimal(1)),
    ]
    assert (held[0].entry_price, held[0].liquidation_price) == (
        Decimal("20000.5"),
        Decimal("24000.1"),
    )
    assert held[1].liquidation_price is None


async def test_position_that_cannot_be_read_does_not_pass_for_a_flat_one() -> None:
    rows = [{"symbol": "BTCUSDT", "positionSide": "BOTH", "positionAmt": "?", "entryPrice": "1"}]
    async with traded({f"GET {POSITIONS}": rows}) as at:
        with pytest.raises(TemporaryVenueError):
            await at.broker.list_positions()


async def test_fills_are_told_whole_oldest_first() -> None:
    since_ms = to_ms(NOON) - 60_000
    rows = [trade(8, since_ms + 5), trade(7, since_ms + 1, maker=True, positionSide="LONG")]
    async with traded({f"GET {TRADES}": rows}) as at:
        first, second = await at.broker.list_fills("BTCUSDT", NOON - timedelta(minutes=1))
        (asked,) = at.venue.terms("GET", TRADES)
    assert int(asked["startTime"]) == since_ms
    assert "endTime" not in asked  # up to the newest, however the clocks differ
    assert (first.trade_id, second.trade_id) == ("7", "8")
    assert (first.is_maker, first.direction) == (True, Direction.LONG)
    assert (second.venue_id, second.side, second.price) == ("4711", Side.SELL, Decimal("20000.1"))
    assert (second.quantity, second.fee, second.fee_currency) == (
        Decimal("0.002"),
        Decimal("0.0160"),
        "USDT",
    )
    assert second.direction is None


async def test_fills_of_weeks_are_asked_week_by_week() -> None:
    """A question spans seven days at most; ccxt stops after the first."""
    since = NOON - 2 * WEEK - timedelta(days=1)
    times = [to_ms(since), to_ms(since + WEEK), to_ms(NOON)]

    def answer(terms: dict[str, str]) -> list[dict[str, Any]]:
        begin, end = int(terms["startTime"]), int(terms.get("endTime", to_ms(NOON)))
        assert end - begin < WEEK.total_seconds() * 1000
        return [trade(n, at) for n, at in enumerate(times) if begin <= at <= end]

    async with traded({f"GET {TRADES}": answer}) as at:
        fills = await at.broker.list_fills("BTCUSDT", since)
        assert at.venue.count("GET", TRADES) == 3
    assert [fill.trade_id for fill in fills] == ["0", "1", "2"]


async def test_more_fills_than_a_page_holds_are_read_on_by_id() -> None:
    """All of one market order's fills may fall into one millisecond."""
    start_ms = to_ms(NOON) - 1000
    everything = [trade(n, start_ms) for n in range(2500)]

    def answer(terms: dict[str, str]) -> list[dict[str, Any]]:
        if "fromId" in terms:
            assert "startTime" not in terms
            return [one for one in everything if one["id"] >= int(terms["fromId"])][:1000]
        return everything[:1000]

    async with traded({f"GET {TRADES}": answer}) as at:
        fills = await at.broker.list_fills("BTCUSDT", NOON - timedelta(seconds=1))
        assert at.venue.count("GET", TRADES) == 3
    assert [fill.trade_id for fill in fills] == [str(n) for n in range(2500)]


async def test_fill_before_the_instant_is_left_out_though_the_venue_tells_it() -> None:
    at_ms = to_ms(NOON)
    async with traded({f"GET {TRADES}": [trade(1, at_ms - 1), trade(2, at_ms)]}) as at:
        (fill,) = await at.broker.list_fills("BTCUSDT", NOON)
    assert fill.trade_id == "2"


async def test_fills_of_a_pair_that_is_not_listed_are_refused() -> None:
    async with traded({}) as at:
        with pytest.raises(VenueRefusedError):
            await at.broker.list_fills("NOPEUSDT", NOON)


async def test_pair_that_is_listed_later_is_found_then() -> None:
    async with traded({f"GET {TRADES}": []}) as at:
        listed = at.venue.answers["GET /fapi/v1/exchangeInfo"]["symbols"]
        newcomer = listed.pop()
        await at.broker.list_fills("BTCUSDT", NOON)
        listed.append(newcomer)
        assert await at.broker.list_fills("ETHUSDT", NOON) == []


@pytest.mark.parametrize("may_withdraw", [True, False])
async def test_permissions_are_the_venues_word(may_withdraw: bool) -> None:
    told = {"enableFutures": True, "enableWithdrawals": may_withdraw, "enableReading": True}
    async with traded({f"GET {KEY_MAY}": told}) as at:
        permissions = await at.broker.read_permissions()
    assert permissions == KeyPermissions(can_trade=True, can_withdraw=may_withdraw)


async def test_demo_cannot_tell_whether_a_key_may_withdraw() -> None:
    """Demo trading has no /sapi."""
    async with traded({f"GET {KEY_MAY}": Failure(status=404)}) as at:
        permissions = await at.broker.read_permissions()
    assert permissions == KeyPermissions(can_trade=True, can_withdraw=None, is_practice=True)
    assert not permissions.is_withdrawing_unknown


@pytest.mark.parametrize(
    ("url", "is_practice"),
    [
        ("https://fapi.binance.com", False),
        ("https://gateway.example.com", False),
        ("https://8.8.8.8", False),
        ("https://demo-fapi.binance.com", True),
        ("https://testnet.binancefuture.com", True),
        ("http://simulator:8700", True),
        ("http://192.168.1.4:8700", True),
        ("http://[::1]:8700", True),
    ],
)
async def test_venue_that_does_not_tell_is_believed_only_where_no_money_is_real(
    url: str, is_practice: bool
) -> None:
    async with traded({f"GET {KEY_MAY}": Failure(status=404)}) as at:
        client = PermissionsOnly(at.broker._client, url)
        permissions = await dialect_of("binanceusdm").fetch_permissions(client)
    assert permissions.is_practice is is_practice
    assert permissions.is_withdrawing_unknown is not is_practice


class PermissionsOnly:
    """A client that says it talks to some address and talks to the scripted venue."""

    def __init__(self, client: Any, url: str) -> None:
        self.sapiGetAccountApiRestrictions = client.sapiGetAccountApiRestrictions
        self.fetch_position_mode = client.fetch_position_mode
        self.urls = {"api": {"fapiPrivate": f"{url}/fapi/v1"}}


async def test_refused_key_is_no_matter_of_demo() -> None:
    async with traded({f"GET {KEY_MAY}": Failure(code=-2015)}) as at:
        with pytest.raises(AccessRefusedError):
            await at.broker.read_permissions()


def test_venue_that_nobody_has_taught_is_refused_in_words() -> None:
    with pytest.raises(ConfigurationError, match="bybit"):
        dialect_of("kraken")
