"""REST of the simulated venue: one module per group of endpoints."""

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.rest import books, candles, derivatives, general, ratios, tickers, trades
from exchanges.simulator.rest.endpoints import Endpoint


def all_endpoints(floor: TradingFloor) -> list[Endpoint]:
    """Every endpoint; a new group (orders, accounts) joins here."""
    groups = (general, candles, tickers, books, trades, derivatives, ratios)
    return [endpoint for group in groups for endpoint in group.endpoints(floor)]
