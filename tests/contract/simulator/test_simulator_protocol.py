"""ccxt, unmodified but for its URLs, takes the simulated venue for Binance USDⓈ-M."""

import asyncio
from itertools import pairwise
from typing import Any

import ccxt
import pytest

from exchanges.simulator import Fault, FaultKind, SimulatedVenue
from tests.contract.simulator.trading import point_at

BTC = "BTC/USDT:USDT"
QUARTER_MS = 900_000


async def test_markets_load_with_steps_limits_and_conditional_order_types(ccxt_client: Any) -> None:
    markets = await ccxt_client.load_markets()

    btc = markets[BTC]
    assert btc["swap"]
    assert btc["linear"]
    assert btc["active"]
    assert btc["precision"]["price"] == 0.1
    assert btc["precision"]["amount"] == 0.001
    assert btc["limits"]["cost"]["min"] == 50.0
    assert {"STOP_MARKET", "TAKE_PROFIT_MARKET"} <= set(btc["info"]["orderTypes"])


async def test_markets_hold_what_a_bot_must_pass_over(ccxt_client: Any) -> None:
    markets = await ccxt_client.load_markets()

    metal = markets["XAU/USDT:USDT"]
    assert metal["info"]["contractType"] == "TRADIFI_PERPETUAL"
    assert any(not market["id"].isascii() for market in markets.values())
    assert any(market["future"] for market in markets.values())
    assert not markets["OLD/USDT:USDT"]["active"]


async def test_time_is_the_clock_of_the_venue(ccxt_client: Any, fast_venue: SimulatedVenue) -> None:
    before = fast_venue.clock.now_ms()
    told = await ccxt_client.fetch_time()

    assert before <= told <= fast_venue.clock.now_ms()


async def test_candles_are_consecutive_and_end_with_the_forming_one(
    ccxt_client: Any, fast_venue: SimulatedVenue
) -> None:
    rows = await ccxt_client.fetch_ohlcv(BTC, "15m", limit=100)

    assert len(rows) == 100
    assert {later[0] - sooner[0] for sooner, later in pairwise(rows)} == {QUARTER_MS}
    assert rows[-1][0] <= fast_venue.clock.now_ms() < rows[-1][0] + 2 * QUARTER_MS
    assert all(low <= min(o, c) <= max(o, c) <= high for _, o, high, low, c, _ in rows)


async def test_candles_from_a_start_are_the_first_after_it(ccxt_client: Any, market: Any) -> None:
    since = market.start_ms - 10 * QUARTER_MS + 1
    rows = await ccxt_client.fetch_ohlcv(BTC, "15m", since=since, limit=3)

    assert [row[0] for row in rows] == [market.start_ms - n * QUARTER_MS for n in (9, 8, 7)]


async def test_raw_candles_have_twelve_columns_with_taker_volume(ccxt_client: Any) -> None:
    rows = await ccxt_client.fapiPublicGetKlines({"symbol": "BTCUSDT", "interval": "1h"})

    assert {len(row) for row in rows} == {12}
    assert all(0.0 < float(row[9]) < float(row[5]) for row in rows[:-1])
    assert all(float(r[3]) <= float(r[7]) / float(r[5]) <= float(r[2]) for r in rows[:-1])


async def test_tickers_tell_last_change_and_turnover(ccxt_client: Any) -> None:
    tickers = await ccxt_client.fetch_tickers()

    btc = tickers[BTC]
    assert btc["low"] <= btc["last"] <= btc["high"]
    assert btc["percentage"] == pytest.approx((btc["last"] / btc["open"] - 1) * 100, abs=0.01)
    assert btc["quoteVolume"] > 500_000


async def test_best_prices_stand_close_and_apart(ccxt_client: Any) -> None:
    best = await ccxt_client.fetch_bids_asks()

    spreads = [(one["ask"] - one["bid"]) / one["ask"] for one in best.values()]
    assert len(spreads) >= 5
    assert all(0.0 < spread < 0.001 for spread in spreads)


async def test_order_book_is_sorted_and_not_crossed(ccxt_client: Any) -> None:
    book = await ccxt_client.fetch_order_book(BTC, 100)

    bids, asks = [row[0] for row in book["bids"]], [row[0] for row in book["asks"]]
    assert len(bids) == len(asks) == 100
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    assert bids[0] < asks[0]


async def test_funding_is_told_for_all_and_in_the_past(ccxt_client: Any) -> None:
    rates = await ccxt_client.fetch_funding_rates()
    history = await ccxt_client.fetch_funding_rate_history(BTC, limit=4)

    assert abs(rates[BTC]["fundingRate"]) <= 0.003
    assert rates[BTC]["fundingTimestamp"] > rates[BTC]["timestamp"]
    assert rates[BTC]["markPrice"] == pytest.approx(rates[BTC]["indexPrice"], rel=0.01)
    assert [row["timestamp"] % (8 * 3_600_000) for row in history] == [0, 0, 0, 0]


async def test_open_interest_and_ratios_have_histories(ccxt_client: Any) -> None:
    now = await ccxt_client.fetch_open_interest(BTC)
    past = await ccxt_client.fetch_open_interest_history(BTC, "5m", limit=12)
    ratios = await ccxt_client.fetch_long_short_ratio_history(BTC, "5m", limit=12)
    takers = await ccxt_client.fapiDataGetTakerlongshortRatio({"symbol": "BTCUSDT", "period": "5m"})

    assert now["openInterestAmount"] > 0
    assert [row["timestamp"] % 300_000 for row in past] == [0] * 12
    assert all(0.3 < row["longShortRatio"] < 5.0 for row in ratios)
    assert len(ratios) == 12
    assert all(float(row["buyVol"]) > 0 for row in takers)


async def test_trades_are_the_newest_in_order(ccxt_client: Any) -> None:
    trades = await ccxt_client.fetch_trades(BTC, limit=200)

    ids = [int(trade["id"]) for trade in trades]
    assert ids == list(range(ids[0], ids[0] + 200))
    assert {trade["side"] for trade in trades} == {"buy", "sell"}
    assert [trade["timestamp"] for trade in trades] == sorted(t["timestamp"] for t in trades)


async def test_unknown_symbol_is_refused_in_the_venues_words(ccxt_client: Any) -> None:
    with pytest.raises(ccxt.BadSymbol, match="Invalid symbol"):
        await ccxt_client.fapiPublicGetKlines({"symbol": "NOPEUSDT", "interval": "1m"})


async def test_candles_are_watched_for_several_symbols(ccxt_client: Any) -> None:
    wanted = [[BTC, "1m"], ["ETH/USDT:USDT", "1m"]]
    seen: set[str] = set()
    async with asyncio.timeout(10):
        while seen != {BTC, "ETH/USDT:USDT"}:
            seen |= set(await ccxt_client.watch_ohlcv_for_symbols(wanted))


async def test_watched_order_book_follows_the_venue_without_a_gap(ccxt_client: Any) -> None:
    ids = []
    async with asyncio.timeout(10):
        for _ in range(8):
            book = await ccxt_client.watch_order_book(BTC, 100)
            assert book["bids"][0][0] < book["asks"][0][0]
            ids.append(book["nonce"])

    assert ids == sorted(ids)
    assert len(set(ids)) > 4


@pytest.mark.parametrize("stream", ["trade", "aggTrade"])
async def test_trades_are_watched(ccxt_client: Any, stream: str) -> None:
    async with asyncio.timeout(10):
        trades = await ccxt_client.watch_trades("ETH/USDT:USDT", params={"name": stream})

    assert trades[-1]["side"] in {"buy", "sell"}
    assert trades[-1]["amount"] > 0


async def test_a_limit_answer_is_ddos_protection_with_a_wait(own_venue: SimulatedVenue) -> None:
    exchange = point_at(ccxt.pro.binanceusdm(), own_venue)
    own_venue.faults.inject(
        Fault(kind=FaultKind.REST_STATUS, status=429, retry_after_seconds=7, count=1)
    )
    try:
        with pytest.raises(ccxt.DDoSProtection):
            await exchange.fetch_time()
        headers = {key.lower(): value for key, value in exchange.last_response_headers.items()}
        assert headers["retry-after"] == "7"
        assert await exchange.fetch_time() > 0
    finally:
        await exchange.close()
