"""CcxtMarketFacts with the real ccxt, over sockets, against a simulated and a broken venue."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from domain.errors import (
    InvalidDataError,
    RateLimitedError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.timeframes import Timeframe, to_ms
from exchanges.candle_rows import unified_rows
from exchanges.ccxt_client import open_client
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.exchange_time import measure
from exchanges.rejected_rows import RejectedRows
from exchanges.simulator import Fault, FaultKind
from exchanges.venues import BINANCE_USDM, venue
from exchanges.weight import WeightBudget
from tests.contract.exchanges.live_bench import (
    BTC,
    PATIENT,
    LiveBench,
    own_stream,
    simulated_venue,
    small_market,
)
from tests.unit.exchanges.fakes import WallClock


@asynccontextmanager
async def listening() -> AsyncIterator[LiveBench]:
    """Facts of a venue whose time runs as fast as ours."""
    async with simulated_venue(speed=1.0) as venue:
        bench = LiveBench(venue, own_stream, PATIENT)
        reading = await measure(bench.facts, bench.clock)
        bench.clock.align(reading.exchange_now, reading.at_monotonic)
        try:
            yield bench
        finally:
            await bench.facts.close()


async def test_exchange_time_is_followed_to_within_milliseconds() -> None:
    async with listening() as bench:
        assert abs(to_ms(bench.clock.now()) - bench.venue.clock.now_ms()) < 50


async def test_instruments_are_the_crypto_perpetuals_alone() -> None:
    async with listening() as bench:
        instruments = await bench.facts.fetch_instruments()

        listed = {pair.symbol for pair in small_market().pairs}
        assert listed - instruments.keys() > {"XAUUSDT", "OLDUSDT", "币安人生USDT"}
        assert len(instruments) == 6
        bitcoin = instruments[BTC]
        assert bitcoin.minimum_notional > 0
        assert bitcoin.listed_at is not None
        assert not bench.rejected.counts


async def test_tickers_carry_bid_and_ask_of_every_instrument() -> None:
    async with listening() as bench:
        instruments = await bench.facts.fetch_instruments()
        tickers = await bench.facts.fetch_tickers()

        assert tickers.keys() == instruments.keys()
        assert all(0 < ticker.spread_percent < 1 for ticker in tickers.values())
        assert all(ticker.quote_volume_24h > 0 for ticker in tickers.values())


async def test_funding_tells_rate_and_next_time() -> None:
    async with listening() as bench:
        funding = (await bench.facts.fetch_funding())[BTC]

        assert abs(funding.rate) < 0.01
        assert timedelta() < funding.next_at - bench.clock.now() <= timedelta(hours=8)


async def test_a_venue_that_tells_no_funding_is_mentioned_once() -> None:
    where, clock, rejected = venue("deribit"), WallClock(), RejectedRows()
    budget = WeightBudget(clock, weight_per_minute=None)
    with capture_logs() as told:
        facts = CcxtMarketFacts(
            open_client(where, budget, rejected), where, clock, budget, rejected
        )
        assert [await facts.fetch_funding() for _ in range(3)] == [{}, {}, {}]

    assert [one["event"] for one in told] == ["funding_not_offered"]


async def test_candles_come_in_pages_and_without_the_forming_one() -> None:
    async with listening() as bench:
        newest = Timeframe.M1.last_closed_index(to_ms(bench.clock.now()))

        series = await bench.facts.fetch_candles(
            BTC, Timeframe.M1, first_index=newest - 1999, count=5000
        )

        assert series is not None
        assert (series.first_index, series.last_index) == (newest - 1999, newest)
        assert not math.isnan(series.candle(0).taker_buy_volume)
        assert bench.budget.used >= 20


async def test_a_young_pair_starts_at_its_listing() -> None:
    async with listening() as bench:
        instruments = await bench.facts.fetch_instruments()
        young = next(one for one in instruments.values() if one.symbol.startswith("FRESH"))
        assert young.listed_at is not None
        listed = Timeframe.M15.index_of(to_ms(young.listed_at))

        series = await bench.facts.fetch_candles(
            young.symbol, Timeframe.M15, first_index=listed - 500, count=520
        )
        before = await bench.facts.fetch_candles(
            young.symbol, Timeframe.M15, first_index=listed - 500, count=400
        )

        assert series is not None
        assert (series.first_index, len(series)) == (listed, 20)
        assert before is None


async def test_a_venue_known_only_through_ccxt_tells_the_same_candles() -> None:
    elsewhere = replace(BINANCE_USDM, fetch_rows=unified_rows, rows_per_request=200)
    async with listening() as bench:
        facts = CcxtMarketFacts(
            bench.client(), elsewhere, bench.clock, bench.budget, bench.rejected
        )
        for symbol in (BTC, "FRESHUSDT"):
            newest = Timeframe.M15.last_closed_index(to_ms(bench.clock.now()))
            asked = {"first_index": newest - 499, "count": 501}
            ours = await bench.facts.fetch_candles(symbol, Timeframe.M15, **asked)
            theirs = await facts.fetch_candles(symbol, Timeframe.M15, **asked)

            assert ours is not None
            assert theirs is not None
            assert (theirs.first_index, theirs.last_index) == (ours.first_index, newest)
            assert np.array_equal(np.asarray(theirs.columns)[:5], np.asarray(ours.columns)[:5])
            assert np.isnan(np.asarray(theirs.columns)[5]).all()
        await facts.close()


async def test_an_unknown_pair_is_refused() -> None:
    async with listening() as bench:
        with pytest.raises(VenueRefusedError, match="lists no pair NONEUSDT"):
            await bench.facts.fetch_candles("NONEUSDT", Timeframe.M1, first_index=1, count=1)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.REST_STATUS, count=1, status=503),
        Fault(kind=FaultKind.REST_HTML, count=1, status=502),
        Fault(kind=FaultKind.REST_HTML, count=1, status=200),
    ],
    ids=["overloaded", "bad gateway", "a page where JSON should be"],
)
async def test_a_venue_in_trouble_is_a_temporary_error(fault: Fault) -> None:
    async with listening() as bench:
        await bench.facts.fetch_instruments()
        bench.venue.faults.inject(fault)
        with pytest.raises(TemporaryVenueError):
            await bench.facts.fetch_instruments()
        await bench.facts.fetch_instruments()
        bench.venue.faults.inject(fault)
        with pytest.raises(TemporaryVenueError):
            await bench.facts.fetch_tickers()
        bench.venue.faults.inject(fault)
        with pytest.raises(TemporaryVenueError):
            await bench.facts.fetch_candles(BTC, Timeframe.M1, first_index=1, count=1)


async def test_a_429_silences_every_request_until_its_time() -> None:
    async with listening() as bench:
        bench.venue.faults.inject(
            Fault(kind=FaultKind.REST_STATUS, count=1, status=429, retry_after_seconds=1)
        )

        with pytest.raises(RateLimitedError) as refused:
            await bench.facts.fetch_exchange_time()
        begun = bench.clock.monotonic()
        await asyncio.gather(*(bench.facts.fetch_exchange_time() for _ in range(3)))

        assert 0.5 < refused.value.retry_after_seconds <= 1.0
        assert bench.clock.monotonic() - begun > 0.5
        assert bench.budget.refusals == 1


async def test_the_firewall_silences_every_request_as_well() -> None:
    async with listening() as bench:
        bench.venue.faults.inject(Fault(kind=FaultKind.REST_STATUS, count=1, status=403))

        with pytest.raises(RateLimitedError):
            await bench.facts.fetch_exchange_time()

        assert 59 < bench.budget.silent_seconds <= 60


def listing(symbol: str, **changes: Any) -> dict[str, Any]:
    filters = [
        {"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "1", "maxPrice": "9000000"},
        {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "1000"},
        {"filterType": "MARKET_LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "120"},
        {"filterType": "MIN_NOTIONAL", "notional": "100"},
    ]
    row = {
        "symbol": symbol,
        "pair": symbol,
        "contractType": "PERPETUAL",
        "underlyingType": "COIN",
        "deliveryDate": 4133404800000,
        "onboardDate": 1569398400000,
        "status": "TRADING",
        "baseAsset": symbol.removesuffix("USDT"),
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "filters": filters,
    }
    return row | changes


KLINE_TAIL = [0, "1", 1, "0.5", "0.5", "0"]


def kline(index: int, prices: tuple[str, str, str, str] = ("2", "3", "1", "2")) -> list[Any]:
    return [index * 60_000, *prices, "10", *KLINE_TAIL]


@asynccontextmanager
async def answering(**answers: Any) -> AsyncIterator[CcxtMarketFacts]:
    """Facts of a venue that gives these answers, whatever it is asked exactly."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(answers[request.path.rpartition("/")[2]])

    application = web.Application()
    application.add_routes([web.get("/{anything:.*}", answer)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clock, rejected = WallClock(), RejectedRows()
    budget = WeightBudget(clock)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = open_client(BINANCE_USDM, budget, rejected, rest_url=url)
    client.timeout_on_exit = 0
    facts = CcxtMarketFacts(client, BINANCE_USDM, clock, budget, rejected)
    try:
        yield facts
    finally:
        await facts.close()
        await runner.cleanup()


async def test_listings_that_make_no_sense_are_skipped_and_counted() -> None:
    broken = [
        listing("NOFILTERSUSDT", filters=[]),
        listing("ODDUSDT", filters="none"),
        listing("ZEROUSDT", filters=[{"filterType": "PRICE_FILTER", "tickSize": "0"}]),
        {"symbol": None},
        "not a listing",
    ]
    symbols = [*broken, listing("BTCUSDT"), listing("ETHUSDT")]
    async with answering(exchangeInfo={"symbols": symbols}) as facts:
        instruments = await facts.fetch_instruments()

        assert instruments.keys() == {"BTCUSDT", "ETHUSDT"}
        assert facts.rejected.counts.total() == len(broken)


@pytest.mark.parametrize(
    "rows",
    [
        [kline(10), kline(12)],
        [kline(10), kline(11, ("2", "1", "3", "2"))],
        [kline(10), kline(11, ("0", "0", "0", "0"))],
        [[10 * 60_000 + 7, *kline(10)[1:]]],
    ],
    ids=["hole", "high below low", "price of zero", "off the grid"],
)
async def test_candles_that_make_no_sense_are_refused(rows: list[Any]) -> None:
    info = {"symbols": [listing("BTCUSDT")]}
    async with answering(exchangeInfo=info, klines=rows) as facts:
        with pytest.raises(InvalidDataError):
            await facts.fetch_candles("BTCUSDT", Timeframe.M1, first_index=10, count=3)


@pytest.mark.parametrize(
    "rows",
    [{"code": 0}, [["soon"]], [[None] * 12], ["row"]],
    ids=["no list", "text", "null", "no row"],
)
async def test_candles_that_cannot_be_read_are_a_temporary_error(rows: Any) -> None:
    info = {"symbols": [listing("BTCUSDT")]}
    async with answering(exchangeInfo=info, klines=rows) as facts:
        with pytest.raises(TemporaryVenueError, match="cannot be read"):
            await facts.fetch_candles("BTCUSDT", Timeframe.M1, first_index=10, count=3)


async def test_a_ticker_without_a_book_is_left_out() -> None:
    info = {"symbols": [listing("BTCUSDT"), listing("ETHUSDT")]}
    day = {"lastPrice": "100", "quoteVolume": "5000", "priceChangePercent": "1.0"}
    tickers = [{"symbol": "BTCUSDT", **day}, {"symbol": "ETHUSDT", **day}, {"symbol": "X"}]
    books = [
        {
            "symbol": "BTCUSDT",
            "bidPrice": "99.9",
            "askPrice": "100.1",
            "bidQty": "1",
            "askQty": "1",
        },
        {"symbol": "ETHUSDT", "bidPrice": "0", "askPrice": "0", "bidQty": "0", "askQty": "0"},
    ]
    async with answering(exchangeInfo=info, **{"24hr": tickers, "bookTicker": books}) as facts:
        found = await facts.fetch_tickers()

        assert found.keys() == {"BTCUSDT"}
        assert facts.rejected.counts == {"ticker": 1}
