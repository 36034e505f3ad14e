"""A small simulated market with a known course, its chains, and a server of one provider's twin."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web

from domain.feeds import FeedAnswer
from domain.timeframes import to_ms
from domain.transfers import Transfer
from feeds.labels.labels import load_labels
from feeds.simulator.world import World
from tests.fakes.clock import AFTERNOON

LABELS = load_labels()
NOW_MS = to_ms(AFTERNOON)
NOW = NOW_MS // 1000

STRANGER = "0x" + "ab" * 20
BINANCE = "0x28C6c06298d514Db089934071355E5743bf21d60"
COINBASE = "0xA9D1e08C7793af67e9d92fe308d5697FB81d3E43"

_PRICES = {"BTCUSDT": 60_000.0, "ETHUSDT": 3_000.0, "LINKUSDT": 15.0, "1000PEPEUSDT": 0.01}


def transfers_in(answer: FeedAnswer) -> list[Transfer]:
    return [each for each in answer.observations if isinstance(each, Transfer)]


class Course:
    """Prices that change by so many percent an hour."""

    def __init__(self, percent_an_hour: float = 0.0) -> None:
        self._percent = percent_an_hour

    def price(self, symbol: str, at_ms: int) -> float | None:
        hours = (at_ms - NOW_MS) / 3_600_000
        price = _PRICES.get(symbol)
        return None if price is None else price * (1.0 + self._percent / 100.0) ** hours

    def symbols(self) -> Sequence[str]:
        return tuple(_PRICES)


class Twin(Protocol):
    def routes(self) -> Sequence[web.RouteDef]: ...


def a_world(percent_an_hour: float = 0.0, *, seed: int = 7, now_ms: int = NOW_MS) -> World:
    return World(Course(percent_an_hour), seed=seed, now=lambda: now_ms)


@asynccontextmanager
async def serving(twin: Twin, name: str) -> AsyncIterator[str]:
    """The base URL of a simulated provider on a free port of loopback."""
    application = web.Application()
    application.add_routes(list(twin.routes()))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/feeds/{name}"
    finally:
        await runner.cleanup()
