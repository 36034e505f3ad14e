"""The whole market of the simulated world, as CoinGecko tells it."""

import math

from aiohttp import web

from feeds.simulator.world import MINUTE_MS, World

_BITCOIN = "BTCUSDT"
_PRICE_WITHOUT_A_PAIR = 60_000.0
_MOST_OTHERS = 12
_BITCOINS = 19_900_000
_USUAL_SHARE = 0.57
_DAY_MINUTES = 1_440
_EVERY_MINUTES = 5


class SimulatedCoinGecko:
    """Answers as CoinGecko: a total that bitcoin and the other pairs move, new every five minutes.

    When the world begins, bitcoin has its usual share; from there all other coins together follow
    the mean of the other pairs.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._begin_ms = world.now_ms()

    def routes(self) -> list[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [web.get("/feeds/coingecko/api/v3/global", self._global)]

    async def _global(self, request: web.Request) -> web.Response:
        span_ms = _EVERY_MINUTES * MINUTE_MS
        at_ms = self._world.asked_ms(request) // span_ms * span_ms
        bitcoin = self._bitcoin_cap(at_ms)
        others = self._others_cap(at_ms)
        total = bitcoin + others
        before_ms = at_ms - _DAY_MINUTES * MINUTE_MS
        before = self._bitcoin_cap(before_ms) + self._others_cap(before_ms)
        figures = {
            "active_cryptocurrencies": 17_412,
            "markets": 1_204,
            "total_market_cap": {"btc": total / bitcoin * _BITCOINS, "usd": total},
            "total_volume": {"usd": total * (0.03 + 0.02 * self._world.noise("volume", at_ms))},
            "market_cap_percentage": {"btc": 100.0 * bitcoin / total, "eth": 9.0 * others / total},
            "market_cap_change_percentage_24h_usd": (total / before - 1.0) * 100.0,
            "updated_at": at_ms // 1000,
        }
        return web.json_response({"data": figures})

    def _bitcoin_cap(self, at_ms: int) -> float:
        return _BITCOINS * (self._world.market.price(_BITCOIN, at_ms) or _PRICE_WITHOUT_A_PAIR)

    def _others_cap(self, at_ms: int) -> float:
        others = [pair for pair in sorted(self._world.market.symbols()) if pair != _BITCOIN]
        grown = [self._growth(pair, at_ms) for pair in others[:_MOST_OTHERS]]
        mean = sum(grown) / len(grown) if grown else 0.0
        return self._bitcoin_cap(self._begin_ms) * (1.0 / _USUAL_SHARE - 1.0) * math.exp(mean)

    def _growth(self, symbol: str, at_ms: int) -> float:
        """Logarithm of a pair's price over that of the begin; 0 where unknown."""
        last = self._world.market.price(symbol, at_ms)
        first = self._world.market.price(symbol, self._begin_ms)
        return math.log(last / first) if last and first else 0.0
