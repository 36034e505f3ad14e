"""A venue over sockets that answers each path with what a test put in."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from exchanges.ccxt_client import open_client
from exchanges.ccxt_derivatives import CcxtDerivativeFacts
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.rejected_rows import RejectedRows
from exchanges.request_pool import RequestPool
from exchanges.venues import Venue
from exchanges.weight import WeightBudget
from tests.unit.exchanges.fakes import WallClock

Answer = Any | Callable[[web.Request], Any]


@dataclass
class ScriptedVenue:
    """`answers` by the last part of the path: JSON, or what makes it of a request."""

    answers: dict[str, Answer]
    asked: list[web.Request] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        answer = self.answers[request.path.rpartition("/")[2]]
        return web.json_response(answer(request) if callable(answer) else answer)

    def queries(self, path: str) -> list[dict[str, str]]:
        return [dict(one.query) for one in self.asked if one.path.endswith(path)]


@dataclass
class ScriptedFacts:
    """Our facts of such a venue."""

    venue: ScriptedVenue
    market: CcxtMarketFacts
    derivatives: CcxtDerivativeFacts
    budget: WeightBudget
    rejected: RejectedRows


@asynccontextmanager
async def scripted_facts(where: Venue, **answers: Answer) -> AsyncIterator[ScriptedFacts]:
    """A venue of this kind that gives these answers; `_` in a name stands for `-`."""
    venue = ScriptedVenue({name.replace("_", "-"): answer for name, answer in answers.items()})
    application = web.Application()
    application.add_routes([web.get("/{anything:.*}", venue.serve)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clock, rejected = WallClock(), RejectedRows()
    budget = WeightBudget(clock, weight_per_minute=where.weight_per_minute)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    client = open_client(where, budget, rejected, rest_url=url)
    client.timeout_on_exit = 0
    market = CcxtMarketFacts(client, where, clock, budget, rejected)
    pool = RequestPool(clock, requests=where.share_requests, share=0.8)
    derivatives = CcxtDerivativeFacts(
        client, where, budget, rejected, pool=pool, name_of=market.name_of
    )
    try:
        yield ScriptedFacts(venue, market, derivatives, budget, rejected)
    finally:
        await market.close()
        await runner.cleanup()


def binance_listing(symbol: str) -> dict[str, Any]:
    filters = [
        {"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "1", "maxPrice": "9000000"},
        {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "1000"},
        {"filterType": "MIN_NOTIONAL", "notional": "100"},
    ]
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
        "filters": filters,
    }


def bybit_listing(symbol: str) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "contractType": "LinearPerpetual",
        "status": "Trading",
        "baseCoin": symbol.removesuffix("USDT"),
        "quoteCoin": "USDT",
        "settleCoin": "USDT",
        "launchTime": "1585526400000",
        "deliveryTime": "0",
        "priceFilter": {"minPrice": "0.10", "maxPrice": "999999", "tickSize": "0.10"},
        "lotSizeFilter": {"minOrderQty": "0.001", "maxOrderQty": "1190", "qtyStep": "0.001"},
    }


def bybit_list(*rows: dict[str, Any]) -> dict[str, Any]:
    result = {"category": "linear", "list": list(rows), "nextPageCursor": ""}
    return {"retCode": 0, "retMsg": "OK", "result": result, "time": 1672053548579}
