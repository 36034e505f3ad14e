"""A small simulated world for the twins' tests: a market of waves, and twins on a real port."""

import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from domain.timeframes import to_ms
from feeds.simulator.world import MINUTE_MS, World
from tests.fakes.clock import AFTERNOON

NOW_MS = to_ms(AFTERNOON)


class Waves:
    """Prices that swing by 3% in three hours, forever."""

    def price(self, symbol: str, at_ms: int) -> float | None:
        if symbol not in self.symbols():
            return None
        return 60_000.0 * (1.0 + 0.03 * math.sin(at_ms / MINUTE_MS / 180 * 2 * math.pi))

    def symbols(self) -> Sequence[str]:
        return ["BTCUSDT", "ETHUSDT", "SOLUSDT"]


def world_of_waves(seed: int = 7, now: Callable[[], int] = lambda: NOW_MS) -> World:
    return World(Waves(), seed=seed, now=now)


@asynccontextmanager
async def listening(routes: Sequence[web.RouteDef]) -> AsyncIterator[str]:
    """The routes on a free port of loopback; its URL."""
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
