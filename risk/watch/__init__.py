"""The portfolio watch: rules over open trades that see a loss coming before its stop does. Pure.

A long and a short mirror each other in all of them (docs/portfolio-watch.md).
"""

from risk.watch.health import health_limit
from risk.watch.leader import MARKET_LEADER, find_leader_move
from risk.watch.parameters import WatchParameters
from risk.watch.review import review_portfolio
from risk.watch.values import HealthFactor, LeaderMove, PortfolioHealth, Review, WatchedTrade

__all__ = [
    "MARKET_LEADER",
    "HealthFactor",
    "LeaderMove",
    "PortfolioHealth",
    "Review",
    "WatchParameters",
    "WatchedTrade",
    "find_leader_move",
    "health_limit",
    "review_portfolio",
]
