"""Both order-flow streams on one scripted venue, so that both are told the very same bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from exchanges.binance.flow_stream import BinanceFlowStream
from exchanges.ccxt_client import open_client
from exchanges.ccxt_pro_flow import CcxtProFlowStream
from exchanges.flow_stream import FlowStream
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import BINANCE_USDM
from exchanges.weight import WeightBudget
from tests.integration.exchanges.scripted_venue import ScriptedVenue, patient, scripted_venue
from tests.unit.exchanges.fakes import WallClock, soon
from tests.unit.exchanges.flow_fakes import AT_MS, HeardFlow, book_levels

PAIRS: Final = ("BTCUSDT", "ETHUSDT")
SNAPSHOT_ID: Final = 500


@dataclass
class TwoIngests:
    """`own` and `other` are what the listeners of our ingest and of ccxt.pro's have heard."""

    venue: ScriptedVenue
    own: HeardFlow
    other: HeardFlow
    own_stream: FlowStream
    other_stream: FlowStream

    async def send(self, stream: str, *frames: bytes) -> None:
        await self.venue.send(stream, *frames)

    async def both(self, kind: str, count: int) -> None:
        """Wait until both have heard so many events of a kind."""
        await soon(lambda: all(len(getattr(one, kind)) >= count for one in (self.own, self.other)))


@asynccontextmanager
async def two_ingests() -> AsyncIterator[TwoIngests]:
    routes = [
        web.get("/fapi/v1/exchangeInfo", _exchange_info),
        web.get("/fapi/v1/depth", _snapshot),
    ]
    async with scripted_venue(routes) as venue:
        streams = _own_stream(venue), _ccxt_stream(venue)
        heard = HeardFlow(), HeardFlow()
        runs = []
        for stream, listener in zip(streams, heard, strict=True):
            stream.set_symbols(PAIRS)
            runs.append(asyncio.create_task(stream.run(listener)))
        try:
            # A ccxt book is whole once its snapshot has come, which is a book to the listener.
            await soon(lambda: len(heard[1].books) == len(PAIRS), within=20.0)
            await soon(lambda: _all_subscribed(venue))
            heard[1].books.clear()
            yield TwoIngests(venue, *heard, *streams)
        finally:
            for run in runs:
                run.cancel()
                with suppress(asyncio.CancelledError):
                    await run


def _all_subscribed(venue: ScriptedVenue) -> bool:
    wanted = [f"{pair.lower()}@" for pair in PAIRS]
    kinds = ("depth20@100ms", "depth@100ms", "aggTrade", "forceOrder")
    streams = [name for streams in venue.subscribed for name in streams]
    return (
        all(streams.count(f"{pair}aggTrade") == 2 for pair in wanted)
        and all(any(pair + kind in streams for pair in wanted) for kind in kinds)
        and "!forceOrder@arr" in streams
    )


def _own_stream(venue: ScriptedVenue) -> FlowStream:
    limits = patient()
    return BinanceFlowStream(
        WallClock(), lambda: 0.5, base_url=venue.url, book_limits=limits, trade_limits=limits
    )


def _ccxt_stream(venue: ScriptedVenue) -> FlowStream:
    clock = WallClock()
    budget, rejected = WeightBudget(clock), RejectedRows()
    client = open_client(
        BINANCE_USDM,
        budget,
        rejected,
        rest_url=f"http://127.0.0.1:{venue.port}",
        ws_url=venue.url,
        streaming=True,
    )
    client.timeout_on_exit = 0  # ccxt waits for TLS to end; there is none here
    return CcxtProFlowStream(client, clock, budget, rejected, lambda: 0.0)


async def _snapshot(request: web.Request) -> web.Response:
    bids, asks = book_levels(0)
    return web.json_response(
        {"lastUpdateId": SNAPSHOT_ID, "E": AT_MS, "T": AT_MS, "bids": bids, "asks": asks}
    )


async def _exchange_info(request: web.Request) -> web.Response:
    return web.json_response({"symbols": [_listing(pair) for pair in PAIRS]})


def _listing(symbol: str) -> dict[str, Any]:
    price = {"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "0.1"}
    lot = {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "1000"}
    return {
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
        "pricePrecision": 2,
        "quantityPrecision": 3,
        "filters": [price, lot],
    }
