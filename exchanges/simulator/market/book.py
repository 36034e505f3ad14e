"""The order book as a pure function of tape, pair and time.

Its best prices are those that the last trade was made at, with what takers took from them gone for
a moment. Behind them a price keeps its quantity for some seconds and then gets another, so that two
instants near to each other differ little. Quantities follow past trades only.
"""

from typing import Final, NamedTuple

import numpy as np

from exchanges.simulator.market.bars import MINUTE_MS, TAKER_BUY, VOLUME, Real, Whole
from exchanges.simulator.market.minute_tape import Touch
from exchanges.simulator.market.minute_trades import last_range
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import noise_array
from exchanges.simulator.market.script import ASK, BID, Script
from exchanges.simulator.market.tape import Tape

Levels = dict[int, int]
"""Quantity in steps by price in ticks, best price first."""

_LIFETIME_MS: Final = 3_000
_WALL_LIFETIME_MS: Final = 600_000
_WALL_CHANCE: Final = 0.994
_WALL_SIZE: Final = 8.0
_LEVEL_SIZE: Final = 0.075
_MOST_TAKEN: Final = 0.8
_THINNEST: Final = 0.4
_THIN_RANGE: Final = 0.02
_PRIME: Final = 1_000_003


class Book(NamedTuple):
    """Both sides at an instant; `update_id` grows with exchange time."""

    update_id: int
    bids: Levels
    asks: Levels


def book_at(tape: Tape, pair: Pair, at_ms: int, levels: int) -> Book:
    """The book with `levels` prices on each side, never crossed.

    It stands as it is right after the trades of `at_ms`: its best price on the side that the last
    taker took from is the price of that trade.
    """
    touch, gap = tape.touch(pair, at_ms), pair.level_gap
    behind = gap * np.arange(levels - 1)
    below = (touch.bid - 1) // gap * gap - behind
    prices = np.concatenate(
        ([touch.bid], below[below > 0], [touch.ask], (touch.ask // gap + 1) * gap + behind)
    )
    sides = np.full(len(prices), ASK)
    sides[: len(prices) - levels] = BID
    script = pair.script_at(at_ms)
    quantities = _quantities(pair, prices, sides, at_ms, script)
    _take(quantities, len(prices) - levels, touch)
    whole = np.maximum(1.0, np.rint(quantities)).astype(np.int64)
    rows = list(zip(prices.tolist(), whole.tolist(), strict=True))
    cut = len(rows) - levels
    book = Book(at_ms, dict(rows[:cut]), dict(rows[cut:]))
    return book if script is None else _with_orders(book, script)


def usual_level(pair: Pair) -> float:
    """Quantity in steps that usually waits at a price."""
    return max(2.0, pair.usual_volume * _LEVEL_SIZE)


def _quantities(pair: Pair, prices: Whole, sides: Whole, at_ms: int, script: Script | None) -> Real:
    """Quantities by price and side: drawn anew every few seconds, now and then a wall."""
    marks = 2 * prices + (sides == BID)
    phase = marks * 1_103 % _LIFETIME_MS
    lives = (at_ms + phase) // _LIFETIME_MS
    walls = (at_ms + phase * (_WALL_LIFETIME_MS // _LIFETIME_MS)) // _WALL_LIFETIME_MS
    draws = noise_array(pair.key + 1, np.stack((lives, walls + (1 << 40))) * _PRIME + marks)
    minute = at_ms // MINUTE_MS
    fresh = lives * _LIFETIME_MS - phase >= minute * MINUTE_MS
    (lean, depth), (old_lean, old_depth) = _mood(pair, minute), _mood(pair, minute - 1)
    scale = np.where(fresh, depth * (1.0 + lean * sides), old_depth * (1.0 + old_lean * sides))
    usual = usual_level(pair) * scale * np.exp(1.6 * draws[0] - 0.8)
    if script is not None:
        return np.asarray(usual * script.depth_at(at_ms))
    return np.asarray(np.where(draws[1] > _WALL_CHANCE, _WALL_SIZE * usual, usual))


def _mood(pair: Pair, minute: int) -> tuple[float, float]:
    """Lean to bids (-0.5 to 0.5) and depth (at most 1) that the minute before has left behind.

    The lean is its surplus of taker buys; the depth falls with its range.
    """
    position = pair.bars.position(minute - 1)
    volume, taker_buy = pair.bars.columns[[VOLUME, TAKER_BUY], position].tolist()
    lean = taker_buy / volume - 0.5 if volume else 0.0
    return lean, max(_THINNEST, 1.0 - last_range(pair, minute) / _THIN_RANGE)


def _take(quantities: Real, first_ask: int, touch: Touch) -> None:
    """Take from the best prices what takers have taken within the last second."""
    for place, taken in ((0, touch.bid_taken), (first_ask, touch.ask_taken)):
        quantities[place] -= min(taken, _MOST_TAKEN * quantities[place])


def _with_orders(book: Book, script: Script) -> Book:
    """The book with the script's own orders on top; in place."""
    for order in script.orders:
        levels = book.bids if order.side == BID else book.asks
        if order.price in levels:
            levels[order.price] += order.left_at(book.update_id)
    return book


def levels_text(pair: Pair, levels: Levels) -> list[tuple[str, str]]:
    """Price and quantity of each level as the venue prints them."""
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    return [(price(ticks), quantity(steps)) for ticks, steps in levels.items()]


def changes(before: Levels, after: Levels) -> Levels:
    """What turns one side into another: new quantities, 0 for prices that are gone."""
    gone = dict.fromkeys((price for price in before if price not in after), 0)
    return gone | {price: q for price, q in after.items() if before.get(price) != q}
