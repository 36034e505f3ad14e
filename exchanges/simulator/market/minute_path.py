"""How a minute gets from its open over its extremes to its close: the same way for everybody.

A rising minute visits its low first, a falling one its high; volume comes evenly. Forming candles,
trades, books and mark prices all follow this path, and at its end it equals the bar.
"""

from typing import NamedTuple

from exchanges.simulator.market.bars import MINUTE_MS
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


class MinuteSoFar(NamedTuple):
    """A running minute at its place among the bars: prices in ticks, volumes in steps."""

    position: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    taker_buy: int
    quote_volume: float
    taker_buy_quote: float
    trades: int


def minute_shape(pair: Pair, minute: int) -> MinuteShape:
    """The path of one minute of a pair."""
    opened, high, low, close = pair.bars.columns[:4, pair.bars.position(minute)].tolist()
    first, second = (low, high) if close >= opened else (high, low)
    first_at = 0.15 + 0.3 * noise(pair.key, 2 * minute)
    second_at = 0.55 + 0.3 * noise(pair.key, 2 * minute + 1)
    return MinuteShape(opened, first, second, close, first_at, second_at)


def minute_so_far(pair: Pair, at_ms: int) -> MinuteSoFar:
    """The minute that contains `at_ms`, as far as it has come; the pair must trade then."""
    minute, elapsed = divmod(at_ms, MINUTE_MS)
    fraction = elapsed / MINUTE_MS
    shape = minute_shape(pair, minute)
    price = shape.price(fraction)
    seen = [shape.open, price]
    if fraction >= shape.first_at:
        seen.append(shape.first_extreme)
    if fraction >= shape.second_at:
        seen.append(shape.second_extreme)
    position = pair.bars.position(minute)
    volume, taker_buy = (pair.bars.columns[4:6, position] * fraction).astype(int).tolist()
    average = float(pair.average_prices[position])
    ids = pair.first_trade_ids
    trades = int((ids[position + 1] - ids[position]) * fraction)
    return MinuteSoFar(
        position,
        shape.open,
        max(seen),
        min(seen),
        price,
        volume,
        taker_buy,
        volume * average,
        taker_buy * average,
        trades,
    )


def price_at(pair: Pair, at_ms: int) -> int:
    """Last price in ticks at an instant; the first open before, the last close after all bars."""
    if at_ms >= pair.bars.end_ms:
        return int(pair.bars.columns[3, -1])
    minute, elapsed = divmod(max(at_ms, pair.bars.start_ms), MINUTE_MS)
    return minute_shape(pair, minute).price(elapsed / MINUTE_MS)


def _between(start: int, end: int, share: float) -> int:
    return round(start + (end - start) * share)
