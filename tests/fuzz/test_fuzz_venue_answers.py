"""Answers of a venue over REST: possible values, or the error that says they cannot be read."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidDataError, TemporaryVenueError, VenueRefusedError
from domain.orders import OrderReport
from domain.timeframes import Timeframe, to_ms
from exchanges.ccxt_broker.binance_dialect import BINANCE
from exchanges.ccxt_broker.bybit_dialect import BYBIT
from exchanges.ccxt_broker.dialect import Dialect
from exchanges.ccxt_broker.reports import fill_of, position_of, report_of_row
from exchanges.ccxt_flow_values import levels_of, liquidation_of, trade_of
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import BINANCE_USDM
from tests.contract.exchanges.scripted_rest import binance_listing
from tests.fuzz.mutations import damaged, damaged_json
from tests.fuzz.raw_venue import RawVenue, raw_venue
from tests.unit.exchanges.ccxt_broker.order_rows import algo_row, plain_row
from tests.unit.exchanges.fakes import NOON, true_values

BTC, ETH = "BTCUSDT", "ETHUSDT"
AT_MS = to_ms(NOON)
FIRST = Timeframe.M1.index_of(AT_MS) - 5


def kline_row(index: int) -> list[Any]:
    opened, high, low, close, volume, bought = map(repr, true_values(index))
    begin = index * 60_000
    return [begin, opened, high, low, close, volume, begin + 59_999, "1", 3, bought, "1", "0"]


SHARE = {"symbol": BTC, "longShortRatio": "1", "longAccount": "0.5", "timestamp": AT_MS}
GOOD: dict[str, Any] = {
    "exchangeInfo": {"symbols": [binance_listing(BTC), binance_listing(ETH)]},
    "24hr": [
        {
            "symbol": symbol,
            "lastPrice": "100",
            "quoteVolume": "1000000",
            "priceChangePercent": "1.5",
            "closeTime": AT_MS,
        }
        for symbol in (BTC, ETH)
    ],
    "bookTicker": [
        {"symbol": symbol, "bidPrice": "99.9", "askPrice": "100.1", "bidQty": "1", "askQty": "1"}
        for symbol in (BTC, ETH)
    ],
    "premiumIndex": [
        {
            "symbol": symbol,
            "markPrice": "100",
            "indexPrice": "100",
            "lastFundingRate": "0.0001",
            "nextFundingTime": AT_MS + 60_000,
            "interestRate": "0.0001",
            "time": AT_MS,
        }
        for symbol in (BTC, ETH)
    ],
    "openInterest": {"openInterest": "10659.509", "symbol": BTC, "time": AT_MS},
    "klines": [kline_row(FIRST + step) for step in range(4)],
    "time": {"serverTime": AT_MS},
    "globalLongShortAccountRatio": [SHARE],
    "topLongShortAccountRatio": [SHARE],
    "topLongShortPositionRatio": [SHARE],
}

Ask = Callable[[RawVenue], Awaitable[Any]]


async def _candles(venue: RawVenue) -> Any:
    return await venue.market.fetch_candles(BTC, Timeframe.M1, first_index=FIRST, count=4)


QUESTIONS: dict[str, Ask] = {
    "exchangeInfo": lambda venue: venue.market.fetch_instruments(),
    "24hr": lambda venue: venue.market.fetch_tickers(),
    "bookTicker": lambda venue: venue.market.fetch_tickers(),
    "premiumIndex": lambda venue: venue.market.fetch_funding(),
    "openInterest": lambda venue: venue.derivatives.fetch_open_interest(BTC),
    "klines": _candles,
    "time": lambda venue: venue.market.fetch_exchange_time(),
    "topLongShortAccountRatio": lambda venue: venue.derivatives.fetch_positioning(BTC),
}


def assert_possible(name: str, told: Any) -> None:
    """What every value of a kind promises."""
    if name == "exchangeInfo":
        for one in told.values():
            assert 0 < one.tick < Decimal("Infinity")
            assert 0 < one.step <= one.minimum_quantity < Decimal("Infinity")
    elif name in ("24hr", "bookTicker"):
        for ticker in told.values():
            assert 0 < ticker.bid <= ticker.ask < math.inf
            assert math.isfinite(ticker.quote_volume_24h)
    elif name == "premiumIndex":
        for funding in told.values():
            assert math.isfinite(funding.rate)
            assert funding.next_at.utcoffset() is not None
    elif name == "openInterest" and told is not None:
        assert 0 <= told.quantity < math.inf
    elif name == "klines" and told is not None:
        for position in range(len(told)):
            candle = told.candle(position)
            assert 0 < candle.low <= candle.high < math.inf
            assert math.isnan(candle.taker_buy_volume) or 0 <= candle.taker_buy_volume < math.inf


@pytest.fixture(scope="module")
async def venue() -> AsyncIterator[RawVenue]:
    async with raw_venue(BINANCE_USDM, GOOD) as opened:
        yield opened


@pytest.mark.parametrize("name", QUESTIONS)
@given(data=st.data())
async def test_any_answer_is_a_value_or_an_error_of_the_venue(
    venue: RawVenue, name: str, data: st.DataObject
) -> None:
    venue.bodies = {name: data.draw(damaged_json(GOOD[name]))}
    try:
        told = await QUESTIONS[name](venue)
    except (InvalidDataError, TemporaryVenueError, VenueRefusedError):
        pass
    else:
        assert_possible(name, told)

    venue.bodies = {}
    assert_possible(name, await QUESTIONS[name](venue))


READ_AS_NONSENSE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

POSITION: dict[str, Any] = {
    "symbol": BTC,
    "positionAmt": "0.012",
    "entryPrice": "100",
    "positionSide": "BOTH",
    "liquidationPrice": "50",
    "leverage": "5",
}
FILL: dict[str, Any] = {
    "id": 7,
    "orderId": 8,
    "symbol": BTC,
    "price": "100",
    "qty": "0.5",
    "commission": "0.01",
    "commissionAsset": "USDT",
    "maker": True,
    "side": "BUY",
    "positionSide": "LONG",
    "time": AT_MS,
}
BYBIT_FILL: dict[str, Any] = {
    "execId": "x-1",
    "orderId": "a-1",
    "side": "Sell",
    "execPrice": "100",
    "execQty": "0.5",
    "closedSize": "0.2",
    "execFee": "0.01",
    "feeCurrency": "",
    "isMaker": False,
    "execTime": str(AT_MS),
}
BYBIT_ROW: dict[str, Any] = {
    "orderId": "a-1",
    "orderLinkId": "q1",
    "orderStatus": "New",
    "orderType": "Limit",
    "timeInForce": "GTC",
    "stopOrderType": "",
    "side": "Buy",
    "positionIdx": 0,
    "qty": "1",
    "cumExecQty": "0",
    "avgPrice": "",
    "price": "100",
    "triggerPrice": "",
    "reduceOnly": False,
}


def is_amount(value: Decimal | None, *, above: bool = False) -> bool:
    if value is None:
        return True
    return value.is_finite() and (value > 0 if above else value >= 0)


def assert_order(report: OrderReport) -> None:
    assert is_amount(report.quantity)
    assert is_amount(report.filled_quantity)
    assert all(
        is_amount(price, above=True)
        for price in (report.price, report.trigger, report.average_price)
    )


@given(damaged(plain_row(price="100")), damaged(algo_row()), damaged(BYBIT_ROW))
def test_any_row_of_an_order_is_an_order_or_nonsense(plain: Any, algo: Any, bybit: Any) -> None:
    for row, words, dialect in (
        (plain, BINANCE.plain, BINANCE),
        (algo, BINANCE.words(is_conditional=True), BINANCE),
        (bybit, BYBIT.plain, BYBIT),
    ):
        report = RejectedRows().kept("open order", "x", report_of_row, row, BTC, words, dialect)
        if report is not None:
            assert_order(report)


@given(damaged(POSITION))
def test_any_row_of_a_position_is_a_position_or_nonsense(row: Any) -> None:
    try:
        position = position_of(row, BTC, BINANCE)
    except READ_AS_NONSENSE:
        return
    if position is not None:
        assert is_amount(position.quantity, above=True)
        assert is_amount(position.entry_price)
        assert is_amount(position.liquidation_price, above=True)


@given(
    st.one_of(
        st.tuples(damaged(FILL), st.just(BINANCE)), st.tuples(damaged(BYBIT_FILL), st.just(BYBIT))
    )
)
def test_any_row_of_a_fill_is_a_fill_or_nonsense(told: tuple[Any, Dialect]) -> None:
    row, dialect = told
    try:
        fill = fill_of(row, BTC, dialect)
    except READ_AS_NONSENSE:
        return
    assert is_amount(fill.price, above=True)
    assert is_amount(fill.quantity, above=True)
    assert fill.fee.is_finite()
    assert fill.at.utcoffset() is not None


TRADE: dict[str, Any] = {"timestamp": AT_MS, "price": 100.0, "amount": 2.0, "side": "buy"}


@given(damaged(TRADE), st.sampled_from([1.0, 1e-3, 1e300]))
def test_any_trade_of_another_venue_is_a_trade_or_nonsense(row: Any, size: float) -> None:
    rejected = RejectedRows()
    trade = rejected.kept("trade", "x", trade_of, 1, row, size)
    forced = rejected.kept("liquidation", "x", liquidation_of, row, size)
    for found in (trade, forced):
        if found is not None:
            assert 0 < found.price < math.inf
            assert 0 < found.quantity < math.inf
            assert isinstance(found.exchange_ms, int)


@given(damaged([[100.0, 1.0], [99.0, 2.0]]))
def test_any_side_of_a_book_is_levels_or_nonsense(side: Any) -> None:
    levels = RejectedRows().kept("book", "x", levels_of, side, 20, 1.0)

    for price, quantity in levels or ():
        assert 0 < price < math.inf
        assert 0 <= quantity < math.inf
