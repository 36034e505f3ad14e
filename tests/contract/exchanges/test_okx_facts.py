"""OKX through the real ccxt: it counts contracts, of which each pair has its own size."""

from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from domain.errors import TemporaryVenueError
from domain.timeframes import Timeframe, to_ms
from exchanges.venues import venue
from tests.contract.exchanges.scripted_rest import Answer, scripted_facts
from tests.unit.exchanges.fakes import NOON

OKX = venue("okx")
BTC = "BTCUSDT"
AT_MS = 1_781_534_398_462


def okx(*rows: Any) -> dict[str, Any]:
    return {"code": "0", "msg": "", "data": list(rows)}


def listings(request: web.Request) -> dict[str, Any]:
    """One perpetual whose contract is a hundredth of a coin; nothing of other kinds."""
    listed = {
        "instType": "SWAP",
        "instId": "BTC-USDT-SWAP",
        "uly": "BTC-USDT",
        "baseCcy": "",
        "quoteCcy": "",
        "settleCcy": "USDT",
        "ctType": "linear",
        "ctVal": "0.01",
        "ctMult": "1",
        "ctValCcy": "BTC",
        "lotSz": "0.1",
        "minSz": "0.1",
        "maxLmtSz": "10000",
        "maxMktSz": "6000",
        "tickSz": "0.1",
        "lever": "100",
        "listTime": "1573557408000",
        "state": "live",
    }
    return okx(*[listed] * (request.query["instType"] == "SWAP"))


TICKER = {
    "instType": "SWAP",
    "instId": "BTC-USDT-SWAP",
    "last": "60000",
    "bidPx": "59999.9",
    "askPx": "60000.1",
    "bidSz": "700",
    "askSz": "500",
    "open24h": "50000",
    "high24h": "61000",
    "low24h": "49000",
    "vol24h": "1234500",
    "volCcy24h": "12345",
    "ts": str(AT_MS),
}


async def test_turnover_of_a_day_is_coins_times_price() -> None:
    async with scripted_facts(OKX, instruments=listings, tickers=okx(TICKER)) as bench:
        tickers = await bench.market.fetch_tickers()

        ticker = tickers[BTC]
        assert ticker.quote_volume_24h == 12345 * 60000
        assert (ticker.last, ticker.bid, ticker.ask) == (60000, 59999.9, 60000.1)
        assert ticker.change_24h_percent == pytest.approx(20.0)
        assert not bench.rejected.counts


@pytest.mark.parametrize("coins", [None, "", "many", "-1", "nan"])
async def test_no_usable_ticker_at_all_is_an_error(coins: Any) -> None:
    odd = okx(TICKER | {"volCcy24h": coins})
    async with scripted_facts(OKX, instruments=listings, tickers=odd) as bench:
        with pytest.raises(TemporaryVenueError, match="no ticker of 1 makes sense"):
            await bench.market.fetch_tickers()


async def test_filters_are_in_coins() -> None:
    async with scripted_facts(OKX, instruments=listings) as bench:
        instrument = (await bench.market.fetch_instruments())[BTC]

        assert (instrument.step, instrument.minimum_quantity) == (Decimal("0.001"),) * 2
        assert instrument.maximum_quantity == Decimal(100)


async def test_candles_count_coins() -> None:
    minute = to_ms(NOON) // 60_000 - 1
    row = [str(minute * 60_000), "1", "3", "0.5", "2", "628", "6.28", "9", "1"]

    def candles(request: web.Request) -> dict[str, Any]:
        return okx(row)

    answers: dict[str, Answer] = {"candles": candles, "history_candles": candles}
    async with scripted_facts(OKX, instruments=listings, **answers) as bench:
        told = await bench.market.fetch_candles(BTC, Timeframe.M1, first_index=minute, count=1)

        assert told is not None
        assert told.candle(0).values[:5] == (1.0, 3.0, 0.5, 2.0, 6.28)


async def test_open_interest_counts_coins() -> None:
    row = {"instId": "BTC-USDT-SWAP", "oi": "2125419", "oiCcy": "21254.19", "ts": str(AT_MS)}
    async with scripted_facts(OKX, instruments=listings, open_interest=okx(row)) as bench:
        told = await bench.derivatives.fetch_open_interest(BTC)

        assert told is not None
        assert told.quantity == pytest.approx(21254.19)
        assert told.exchange_ms == AT_MS


async def test_funding_is_that_of_the_next_settlement() -> None:
    row = {
        "instType": "SWAP",
        "instId": "BTC-USDT-SWAP",
        "fundingRate": "0.0001",
        "fundingTime": "1781539200000",
        "nextFundingRate": "",
        "nextFundingTime": "1781568000000",
    }
    async with scripted_facts(OKX, instruments=listings, funding_rate=okx(row)) as bench:
        told = await bench.market.fetch_funding()

        assert told[BTC].rate == 0.0001
        assert to_ms(told[BTC].next_at) == 1_781_539_200_000
        assert bench.venue.queries("funding-rate") == [{"instId": "ANY"}]


async def test_longs_per_short_are_a_share_of_longs() -> None:
    rows = [["1729323600000", "1.5"], ["1729323300000", "1.0"]]
    answers: dict[str, Answer] = {"long_short_account_ratio_contract": okx(*rows)}
    async with scripted_facts(OKX, instruments=listings, **answers) as bench:
        told = await bench.derivatives.fetch_positioning(BTC)

        assert told is not None
        assert told.crowd_long_share == pytest.approx(0.6)
        assert told.exchange_ms == 1_729_323_600_000
