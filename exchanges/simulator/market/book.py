"""The order book as a pure function of pair and time.

A price level keeps its quantity for a while and then gets another, so that differences between
two instants are small when the instants are near. Quantities follow past volume only.
"""

import math
from typing import Final, NamedTuple

import numpy as np

from exchanges.simulator.market.bars import MINUTE_MS, TAKER_BUY, VOLUME, Whole
from exchanges.simulator.market.minute_path import price_at
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import noise_array

Levels = dict[int, int]
"""Quantity in steps by price in ticks, best price first."""

_LEVEL_DISTANCE: Final = 0.00005
_LIFETIME_MS: Final = 3_000
_WALL_CHANCE: Final = 0.985


class Book(NamedTuple):
    """Both sides at an instant; `update_id` grows with exchange time."""

    update_id: int
    bids: Levels
    asks: Levels


def book_at(pair: Pair, at_ms: int, levels: int) -> Book:
    """The book with `levels` prices on each side, never crossed."""
    price = price_at(pair, at_ms)
    spread = max(1, round(price * _spread(pair)))
    bid = max(levels + 1, price - spread // 2)
    gap = max(1, round(price * _LEVEL_DISTANCE))
    below = bid // gap * gap - gap * np.arange(1, levels)
    above = -(-(bid + spread) // gap) * gap + gap * np.arange(1, levels)
    bids = np.concatenate(([bid], below[below > 0]))
    asks = np.concatenate(([bid + spread], above))
    lean = _recent_buying(pair, at_ms)
    return Book(
        at_ms,
        _side(pair, bids, at_ms, 0.5 + lean),
        _side(pair, asks, at_ms, 1.5 - lean),
    )


def _spread(pair: Pair) -> float:
    """Distance of bid and ask as a fraction of price: 0.5 to 4 basis points, tighter when big."""
    thousands = max(1.0, pair.usual_turnover / 1_000.0)
    return max(0.5, 4.0 - 0.8 * math.log10(thousands)) * 1e-4


def _recent_buying(pair: Pair, at_ms: int) -> float:
    """Taker-buy share of the last finished minute, 0.5 when nothing traded."""
    position = pair.bars.position(at_ms // MINUTE_MS - 1)
    volume, taker_buy = pair.bars.columns[[VOLUME, TAKER_BUY], position].tolist()
    return taker_buy / volume if volume else 0.5


def _side(pair: Pair, prices: Whole, at_ms: int, scale: float) -> Levels:
    """Quantities of one side: growing with distance from the best price, now and then a wall."""
    phase = noise_array(pair.key, prices) * _LIFETIME_MS
    lives = ((at_ms + phase) // _LIFETIME_MS).astype(np.int64)
    draw = noise_array(pair.key + 1, lives * 1_000_003 + prices)
    usual = max(2.0, pair.usual_volume * 0.05)
    depth = 0.4 + np.minimum(np.arange(len(prices)), 20) / 8.0
    quantity = usual * scale * depth * np.exp(1.6 * draw - 0.8)
    quantity[draw > _WALL_CHANCE] *= 8.0
    whole = np.maximum(1.0, np.rint(quantity)).astype(np.int64)
    return dict(zip(prices.tolist(), whole.tolist(), strict=True))


def levels_text(pair: Pair, levels: Levels) -> list[tuple[str, str]]:
    """Price and quantity of each level as the venue prints them."""
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    return [(price(ticks), quantity(steps)) for ticks, steps in levels.items()]


def changes(before: Levels, after: Levels) -> Levels:
    """What turns one side into another: new quantities, 0 for prices that are gone."""
    gone = dict.fromkeys((price for price in before if price not in after), 0)
    return gone | {price: q for price, q in after.items() if before.get(price) != q}
