"""How a minute gets from its open over its extremes to its close: the same way for everybody.

A rising minute visits its low first, a falling one its high. Trades waver around this path and
print its knots; marks follow it.
"""

from typing import NamedTuple

import numpy as np

from exchanges.simulator.market.bars import MINUTE_MS, Real
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import noise


class MinuteShape(NamedTuple):
    """Knots of the path: prices in ticks, times as fractions of the minute."""

    open: int
    first_extreme: int
    second_extreme: int
    close: int
    first_at: float
    second_at: float

    def price(self, fraction: float) -> int:
        """Price in ticks at a fraction of the minute."""
        if fraction <= self.first_at:
            return _between(self.open, self.first_extreme, fraction / self.first_at)
        if fraction <= self.second_at:
            share = (fraction - self.first_at) / (self.second_at - self.first_at)
            return _between(self.first_extreme, self.second_extreme, share)
        share = (fraction - self.second_at) / (1.0 - self.second_at)
        return _between(self.second_extreme, self.close, share)

    def path(self, fractions: Real) -> Real:
        """Prices in ticks at many fractions, not rounded."""
        knots = (0.0, self.first_at, self.second_at, 1.0)
        prices = (self.open, self.first_extreme, self.second_extreme, self.close)
        return np.interp(fractions, knots, prices)


def minute_shape(pair: Pair, minute: int) -> MinuteShape:
    """The path of one minute of a pair."""
    opened, high, low, close = pair.prices_in(minute)
    first, second = (low, high) if close >= opened else (high, low)
    first_at = 0.15 + 0.3 * noise(pair.key, 2 * minute)
    second_at = 0.55 + 0.3 * noise(pair.key, 2 * minute + 1)
    return MinuteShape(opened, first, second, close, first_at, second_at)


def price_at(pair: Pair, at_ms: int) -> int:
    """Where the path is, in ticks; at the first open before, at the last close after all bars."""
    if at_ms >= pair.bars.end_ms:
        return int(pair.bars.columns[3, -1])
    minute, elapsed = divmod(max(at_ms, pair.bars.start_ms), MINUTE_MS)
    price = minute_shape(pair, minute).price(elapsed / MINUTE_MS)
    return round(price * pair.moved_by(at_ms)) if pair.moves else price


def _between(start: int, end: int, share: float) -> int:
    return round(start + (end - start) * share)
