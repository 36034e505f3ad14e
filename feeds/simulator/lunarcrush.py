"""LunarCrush over the simulated market: a day's talk about each coin, for any key."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from feeds.simulator.phrases import COIN_NAMES
from feeds.simulator.talk import Coin, heat_of, talked_about
from feeds.simulator.world import MINUTE_MS, World

_REFRESHED_MS: Final = 10 * MINUTE_MS
_MOST: Final = 1_000
_BIGGEST_VOLUME: Final = 120_000


class SimulatedLunarCrush:
    """The list of coins below /feeds/lunarcrush, renewed every ten minutes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> Sequence[web.RouteDef]:
        """What it answers to."""
        return [web.get("/feeds/lunarcrush/coins/list/v1", self._list)]

    async def _list(self, request: web.Request) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return web.json_response({"error": "Missing or invalid API key"}, status=401)
        limit = request.query.get("limit", "")
        most = int(limit) if limit.isdecimal() else _MOST
        at_ms = self._world.asked_ms(request) // _REFRESHED_MS * _REFRESHED_MS
        coins = talked_about(tuple(self._world.market.symbols()))[:most]
        rows = [self._row(rank, coin, at_ms) for rank, coin in enumerate(coins)]
        return web.json_response(
            {"config": {"sort": "market_cap_rank", "limit": most}, "data": rows}
        )

    def _row(self, rank: int, coin: Coin, at_ms: int) -> dict[str, Any]:
        noise = self._world.noise("lunarcrush", coin.asset, at_ms)
        volume = _BIGGEST_VOLUME / (rank + 1) * (0.8 + 0.4 * noise)
        volume *= 1 + 2 * heat_of(self._world, coin.symbol, at_ms)
        sentiment = 55 + 30 * self._world.lean(coin.symbol, at_ms) + 20 * (noise - 0.5)
        return {
            "id": rank + 1,
            "symbol": coin.asset,
            "name": COIN_NAMES.get(coin.asset, coin.asset),
            "social_volume_24h": round(volume),
            "interactions_24h": round(volume * 80),
            "sentiment": round(max(0.0, min(100.0, sentiment))),
            "market_cap_rank": rank + 1,
        }
