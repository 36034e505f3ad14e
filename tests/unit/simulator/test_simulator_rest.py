"""REST answers without a server: selection, limits, the venue's words, what is listed."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from exchanges.simulator import Market, SimulatorClock, SimulatorSettings
from exchanges.simulator.floor import Status, TradingFloor
from exchanges.simulator.market.bars import MINUTE_MS, MinuteBars
from exchanges.simulator.market.contracts import Grid
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest import all_endpoints
from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.rest.metering import (
    FUNDING,
    FUTURES_DATA,
    REQUEST_WEIGHT,
    LimitReachedError,
    RequestMeter,
)
from tests.unit.simulator.conftest import HandClock, Standing, contract, random_pair

HOUR_MS = 60 * MINUTE_MS
Ask = Callable[..., Any]


@pytest.fixture
def ask(market: Market, standing: Callable[[Market], Standing]) -> Ask:
    floor = standing(market).at(market.start_ms + 12_345)
    endpoints = {endpoint.path: endpoint for endpoint in all_endpoints(floor)}

    def answer(path: str, **values: object) -> Any:
        query = Query({name: str(value) for name, value in values.items()})
        return endpoints[path].answer(query)

    return answer


def weight_of(floor: TradingFloor, path: str, **values: object) -> int:
    endpoint = next(one for one in all_endpoints(floor) if one.path == path)
    return endpoint.weight(Query({name: str(value) for name, value in values.items()}))


@pytest.mark.parametrize(
    ("path", "values", "code"),
    [
        ("/fapi/v1/klines", {"interval": "1m"}, -1102),
        ("/fapi/v1/klines", {"symbol": "NOPE", "interval": "1m"}, -1121),
        ("/fapi/v1/klines", {"symbol": "BTCUSDT"}, -1102),
        ("/fapi/v1/klines", {"symbol": "BTCUSDT", "interval": "7m"}, -1120),
        ("/fapi/v1/klines", {"symbol": "BTCUSDT", "interval": "1m", "limit": 1501}, -1130),
        ("/fapi/v1/klines", {"symbol": "BTCUSDT", "interval": "1m", "startTime": "x"}, -1130),
        ("/fapi/v1/depth", {"symbol": "BTCUSDT", "limit": 7}, -4021),
        ("/fapi/v1/ticker/24hr", {"symbol": "NOPE"}, -1121),
        ("/fapi/v1/openInterest", {}, -1102),
        ("/futures/data/openInterestHist", {"symbol": "BTCUSDT", "period": "x"}, -1120),
    ],
)
def test_a_wrong_request_gets_the_venues_code(
    ask: Ask, path: str, values: dict[str, object], code: int
) -> None:
    with pytest.raises(VenueError) as caught:
        ask(path, **values)
    assert (caught.value.code, caught.value.status) == (code, 400)


def test_trades_over_more_than_an_hour_are_refused(ask: Ask, market: Market) -> None:
    with pytest.raises(VenueError, match="1 hour"):
        ask(
            "/fapi/v1/aggTrades",
            symbol="BTCUSDT",
            startTime=market.start_ms - 2 * HOUR_MS,
            endTime=market.start_ms,
        )


def test_trades_of_a_time_span_lie_within_it(ask: Ask, market: Market) -> None:
    begin, end = market.start_ms - HOUR_MS, market.start_ms - HOUR_MS + 90_000
    rows = ask("/fapi/v1/aggTrades", symbol="BTCUSDT", startTime=begin, endTime=end, limit=1000)
    assert len(rows) > 50
    assert begin <= rows[0]["T"]
    assert rows[-1]["T"] <= end


def test_trades_from_an_id_start_with_it_and_stop_at_now(ask: Ask, market: Market) -> None:
    newest = ask("/fapi/v1/aggTrades", symbol="BTCUSDT", limit=5)
    rows = ask("/fapi/v1/aggTrades", symbol="BTCUSDT", fromId=newest[0]["a"], limit=1000)
    assert rows == newest
    assert rows[-1]["T"] <= market.start_ms + 12_345


def test_klines_obey_start_end_and_limit(ask: Ask, market: Market) -> None:
    begin = market.start_ms - 10 * HOUR_MS

    def opened(**values: object) -> list[int]:
        rows = ask("/fapi/v1/klines", symbol="ETHUSDT", interval="1h", **values)
        return [(row[0] - begin) // HOUR_MS for row in rows]

    assert opened(startTime=begin, limit=3) == [0, 1, 2]
    assert opened(startTime=begin, endTime=begin + 2 * HOUR_MS - 1) == [0, 1]
    assert opened(endTime=begin, limit=2) == [-1, 0]
    assert opened(startTime=begin) == list(range(11))
    assert opened(startTime=begin + 11 * HOUR_MS) == []


def test_klines_of_a_fresh_listing_start_with_its_listing(ask: Ask, market: Market) -> None:
    rows = ask("/fapi/v1/klines", symbol="FRESHUSDT", interval="15m", limit=1500)
    assert rows[0][0] == market.by_symbol["FRESHUSDT"].bars.start_ms
    assert len(rows) == 36 * 4 + 1


def test_exchange_info_names_limits_filters_and_states(ask: Ask) -> None:
    info = ask("/fapi/v1/exchangeInfo")
    symbols = {row["symbol"]: row for row in info["symbols"]}

    assert info["rateLimits"][0]["limit"] == 2400
    filters = {row["filterType"]: row for row in symbols["BTCUSDT"]["filters"]}
    assert filters["PRICE_FILTER"]["tickSize"] == "0.1"
    assert filters["LOT_SIZE"]["stepSize"] == "0.001"
    assert float(filters["MARKET_LOT_SIZE"]["maxQty"]) < float(filters["LOT_SIZE"]["maxQty"])
    assert filters["MIN_NOTIONAL"]["notional"] == "50"
    assert symbols["OLDUSDT"]["status"] == "SETTLING"
    assert symbols["XAUUSDT"]["underlyingType"] == "COMMODITY"
    assert [row for row in symbols.values() if row["contractType"] == "CURRENT_QUARTER"]


def test_a_pair_is_pending_before_its_first_bar_and_settling_after_its_last() -> None:
    early, late = random_pair(1), random_pair(2)
    bars = late.bars
    short = Pair(
        contract("LATEUSDT"), MinuteBars(bars.first_minute + 100, bars.columns[:, 100:300])
    )
    market = Market(pairs=(early, short), start_ms=early.bars.start_ms, origin="test")
    wall = HandClock()
    clock = SimulatorClock(market.start_ms, 1.0, wall)
    clock.start()
    floor = TradingFloor(market, clock, SimulatorSettings())

    assert floor.status(short) is Status.PENDING
    assert floor.listed() == [early]
    assert floor.find("LATEUSDT") is None

    wall.seconds += 150 * 60
    assert floor.status(short) is Status.TRADING
    assert floor.find("LATEUSDT") is short

    wall.seconds += 200 * 60
    assert floor.status(short) is Status.SETTLING
    assert floor.status(early) is Status.TRADING


@pytest.mark.parametrize(
    ("path", "values", "weight"),
    [
        ("/fapi/v1/time", {}, 1),
        ("/fapi/v1/klines", {"limit": 99}, 1),
        ("/fapi/v1/klines", {"limit": 499}, 2),
        ("/fapi/v1/klines", {}, 5),
        ("/fapi/v1/klines", {"limit": 1000}, 5),
        ("/fapi/v1/klines", {"limit": 1500}, 10),
        ("/fapi/v1/depth", {"limit": 50}, 2),
        ("/fapi/v1/depth", {}, 10),
        ("/fapi/v1/depth", {"limit": 1000}, 20),
        ("/fapi/v1/aggTrades", {}, 20),
        ("/fapi/v1/ticker/24hr", {}, 40),
        ("/fapi/v1/ticker/24hr", {"symbol": "BTCUSDT"}, 1),
        ("/fapi/v1/ticker/bookTicker", {}, 5),
        ("/fapi/v1/premiumIndex", {}, 10),
    ],
)
def test_weights_are_the_venues(
    market: Market,
    standing: Callable[[Market], Standing],
    path: str,
    values: dict[str, object],
    weight: int,
) -> None:
    assert weight_of(standing(market).floor, path, **values) == weight


def test_weight_is_counted_per_exchange_minute() -> None:
    wall = HandClock()
    clock = SimulatorClock(60_000 * 1000, 600.0, wall)
    clock.start()
    meter = RequestMeter(clock, weight_limit=100)
    meter.charge(REQUEST_WEIGHT, 60)
    with pytest.raises(LimitReachedError) as caught:
        meter.charge(REQUEST_WEIGHT, 41)
    assert caught.value.retry_after_seconds == 1
    assert meter.used() == 60

    wall.seconds += 0.101
    assert meter.used() == 0
    meter.charge(REQUEST_WEIGHT, 100)


def test_pools_are_counted_apart_over_five_minutes() -> None:
    wall = HandClock()
    clock = SimulatorClock(300_000 * 1000, 1.0, wall)
    clock.start()
    meter = RequestMeter(clock, weight_limit=10)
    for _ in range(1000):
        meter.charge(FUTURES_DATA, 1)
    with pytest.raises(LimitReachedError):
        meter.charge(FUTURES_DATA, 1)
    meter.charge(FUNDING, 1)
    wall.seconds += 299
    with pytest.raises(LimitReachedError) as caught:
        meter.charge(FUTURES_DATA, 1)
    assert caught.value.retry_after_seconds == 1
    wall.seconds += 1
    meter.charge(FUTURES_DATA, 1)


def test_funding_history_is_paid_every_eight_hours_and_follows_past_prices(
    ask: Ask, market: Market
) -> None:
    rows = ask("/fapi/v1/fundingRate", symbol="BTCUSDT", limit=5)
    times = [row["fundingTime"] for row in rows]
    assert times == [market.start_ms - n * 8 * HOUR_MS for n in (4, 3, 2, 1, 0)]
    assert len({row["fundingRate"] for row in rows}) > 1


def test_ratios_add_up_and_takers_match_klines(ask: Ask, market: Market) -> None:
    query = {"symbol": "SOLUSDT", "period": "1h", "limit": 3, "endTime": market.start_ms}
    shares = ask("/futures/data/topLongShortPositionRatio", **query)
    takers = ask("/futures/data/takerlongshortRatio", **query)
    klines = ask(
        "/fapi/v1/klines", symbol="SOLUSDT", interval="1h", endTime=market.start_ms - 1, limit=3
    )

    for row in shares:
        assert float(row["longAccount"]) + float(row["shortAccount"]) == pytest.approx(1.0)
    assert [row["buyVol"] for row in takers] == [kline[9] for kline in klines]


def test_a_grid_prints_fixed_decimals() -> None:
    grid = Grid(Decimal("0.00001"))
    assert grid.text(17_800) == "0.17800"
    assert grid.steps(0.178) == 17_800


def test_contracts_with_the_same_bars_differ_only_in_what_is_said_of_them(market: Market) -> None:
    metal = market.by_symbol["XAUUSDT"]
    assert metal.bars is market.pairs[0].bars
    assert replace(metal.contract, symbol="BTCUSDT", base="BTC") != market.pairs[0].contract
