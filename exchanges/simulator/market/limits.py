"""The largest orders that the venue takes for a pair."""

from exchanges.simulator.market.pairs import Pair

_LARGEST_IN_MINUTES = 100
_LARGEST_AT_MARKET_IN_MINUTES = 10


def largest_order(pair: Pair) -> int:
    """Largest quantity of a limit order, in steps: a hundred usual minutes' volume."""
    return _LARGEST_IN_MINUTES * pair.usual_volume


def largest_market_order(pair: Pair) -> int:
    """Largest quantity of a market order, in steps."""
    return max(1, _LARGEST_AT_MARKET_IN_MINUTES * pair.usual_volume)
