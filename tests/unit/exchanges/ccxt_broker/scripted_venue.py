"""A venue over loopback that answers each endpoint with what a test put in, and remembers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from domain.timeframes import to_ms
from engine.execution.parameters import StopTrigger
from exchanges.ccxt_broker.broker import CcxtBroker
from exchanges.ccxt_broker.opening import open_ccxt_broker
from exchanges.ccxt_broker.pair_list import PairList
from exchanges.ccxt_broker.user_stream import UserStreamLimits
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import BINANCE_USDM, Venue
from exchanges.weight import WeightBudget
from tests.unit.exchanges.fakes import WallClock

KEY, SECRET = "KEYKEYKEYKEY", "SECRETSECRETSECRET"
ORDER, ALGO = "/fapi/v1/order", "/fapi/v1/algoOrder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    terms: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An answer that is an error."""

    status: int = 400
    code: int | None = None
    text: str = "no"
    headers: dict[str, str] = field(default_factory=dict)


class CutOff:
    """No answer: the connection is cut after the request was read."""


Answer = Any | Callable[[dict[str, str]], Any]


@dataclass
class ScriptedVenue:
    """Answers by "METHOD /path"; a list gives them one after another, the last one for good."""

    answers: dict[str, Any]
    asked: list[Asked] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    socket_queries: list[dict[str, str]] = field(default_factory=list)
    delay_seconds: float = 0.0
    answers_pings: bool = True
    refuses_sockets: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            if self.refuses_sockets:
                return web.Response(status=403)
            return await self._stream(request)
        terms: dict[str, Any] = dict(request.query) | {
            name: str(value) for name, value in (await request.post()).items()
        }
        if not terms and request.can_read_body:
            terms = await request.json()
        asked = Asked(
            method=request.method, path=request.path, terms=terms, headers=dict(request.headers)
        )
        self.asked.append(asked)
        self._news.set()
        await asyncio.sleep(self.delay_seconds)
        answer = self._answer(f"{request.method} {request.path}", terms)
        if answer is CutOff:
            transport = request.transport
            assert transport is not None
            transport.abort()
            return web.Response()
        if isinstance(answer, Failure):
            body = {} if answer.code is None else {"code": answer.code, "msg": answer.text}
            return web.json_response(body, status=answer.status, headers=answer.headers)
        if isinstance(answer, web.Response):
            return answer
        return web.json_response(answer)

    def _answer(self, endpoint: str, terms: dict[str, str]) -> Any:
        answer = self.answers.get(endpoint, Failure(status=404))
        if isinstance(answer, Several):
            answer = answer.rest.pop(0) if len(answer.rest) > 1 else answer.rest[0]
        return answer(terms) if callable(answer) and answer is not CutOff else answer

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=self.answers_pings)
        await socket.prepare(request)
        self.sockets.append(socket)
        self.socket_queries.append(dict(request.query))
        async for _ in socket:
            pass
        return socket

    async def until_asked(self, method: str, path: str, times: int) -> None:
        async with asyncio.timeout(5):
            while self.count(method, path) < times:
                self._news.clear()
                await self._news.wait()

    def terms(self, method: str, path: str) -> list[dict[str, Any]]:
        return [one.terms for one in self.asked if (one.method, one.path) == (method, path)]

    def count(self, method: str, path: str) -> int:
        return len(self.terms(method, path))


@dataclass
class Several:
    """Answers given one after another."""

    rest: list[Any]


@dataclass
class Traded:
    """A broker on a scripted venue."""

    broker: CcxtBroker
    venue: ScriptedVenue
    clock: WallClock
    budget: WeightBudget
    rejected: RejectedRows
    url: str


@asynccontextmanager
async def traded(
    answers: dict[str, Any],
    *,
    where: Venue = BINANCE_USDM,
    stop_trigger: StopTrigger = StopTrigger.MARK,
    limits: UserStreamLimits | None = None,
) -> AsyncIterator[Traded]:
    """A broker on a venue that gives these answers besides the usual ones of Binance."""
    clock = WallClock()
    usual = {
        "GET /fapi/v1/exchangeInfo": {"symbols": [listing("BTCUSDT"), listing("ETHUSDT")]},
        "GET /fapi/v1/positionSide/dual": {"dualSidePosition": False},
        "GET /fapi/v1/time": lambda _: {"serverTime": to_ms(clock.now())},
    }
    venue = ScriptedVenue(usual | answers)
    application = web.Application()
    application.add_routes([web.route("*", "/{anything:.*}", venue.serve)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    budget, rejected = WeightBudget(clock), RejectedRows()
    broker = open_ccxt_broker(
        where,
        KEY,
        SECRET,
        clock=clock,
        budget=budget,
        rejected=rejected,
        pairs=PairList(),
        jitter=lambda: 0.0,
        stop_trigger=stop_trigger,
        rest_url=url,
        ws_url=url.replace("http", "ws"),
        stream_limits=limits,
    )
    broker._client.timeout_on_exit = 0
    try:
        yield Traded(broker, venue, clock, budget, rejected, url)
    finally:
        await broker.close()
        await runner.cleanup()


def listing(symbol: str) -> dict[str, Any]:
    """A pair as `exchangeInfo` tells it."""
    filters = [
        {"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "1", "maxPrice": "900000"},
        {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "1000"},
        {"filterType": "MARKET_LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "120"},
        {"filterType": "MIN_NOTIONAL", "notional": "100"},
    ]
    return {
        "symbol": symbol,
        "pair": symbol,
        "contractType": "PERPETUAL",
        "deliveryDate": 4133404800000,
        "onboardDate": 1569398400000,
        "status": "TRADING",
        "underlyingType": "COIN",
        "baseAsset": symbol.removesuffix("USDT"),
        "quoteAsset": "USDT",
        "marginAsset": "USDT",
        "pricePrecision": 2,
        "quantityPrecision": 3,
        "filters": filters,
        "orderTypes": [
            "LIMIT",
            "MARKET",
            "STOP",
            "STOP_MARKET",
            "TAKE_PROFIT",
            "TAKE_PROFIT_MARKET",
            "TRAILING_STOP_MARKET",
        ],
        "timeInForce": ["GTC", "IOC", "FOK", "GTX"],
    }
