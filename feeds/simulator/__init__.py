"""Local twins of the providers: their formats over a seeded world that leans with the market.

Nothing here is needed to ask real providers; no adapter knows which of the two it asks.
"""

from typing import Final

from aiohttp import web

from feeds.simulator.coingecko import SimulatedCoinGecko
from feeds.simulator.defillama import SimulatedDefiLlama
from feeds.simulator.dexscreener import SimulatedDexScreener
from feeds.simulator.etherscan import SimulatedEtherscan
from feeds.simulator.fear_greed import SimulatedFearGreed
from feeds.simulator.lunarcrush import SimulatedLunarCrush
from feeds.simulator.mempool import SimulatedMempool
from feeds.simulator.news import SimulatedNews
from feeds.simulator.reddit import SimulatedReddit
from feeds.simulator.whale_alert import SimulatedWhaleAlert
from feeds.simulator.world import MarketView, World
from feeds.simulator.x import SimulatedX
from feeds.simulator.yahoo import SimulatedYahoo

__all__ = ["TWINS", "MarketView", "World", "feed_routes"]

TWINS: Final = (
    SimulatedCoinGecko,
    SimulatedDefiLlama,
    SimulatedDexScreener,
    SimulatedEtherscan,
    SimulatedFearGreed,
    SimulatedLunarCrush,
    SimulatedMempool,
    SimulatedNews,
    SimulatedReddit,
    SimulatedWhaleAlert,
    SimulatedX,
    SimulatedYahoo,
)
"""One for each provider."""


def feed_routes(world: World) -> list[web.RouteDef]:
    """Routes of all twins, each below `/feeds/<provider name>`."""
    return [route for twin in TWINS for route in twin(world).routes()]
