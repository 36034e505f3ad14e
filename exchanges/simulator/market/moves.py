"""Moves by hand: from an instant on the price of a pair stands elsewhere, and all follows it there.

Nothing that was told before changes; tape, book, candles and mark go on from the new price.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from domain.errors import ConfigurationError
from exchanges.simulator.market.bars import CLOSE, HIGH, LOW, MINUTE_MS, OPEN, MinuteBars, Whole
from exchanges.simulator.market.minute_trades import spread_at
from exchanges.simulator.market.pairs import Move, Pair
from exchanges.simulator.market.script import Script
from exchanges.simulator.market.trades import MinuteTrades

_SMALLEST: Final = 0.01
_LARGEST: Final = 100.0


def moved(pair: Pair, minute_so_far: MinuteTrades | None, at_ms: int, factor: float) -> Pair:
    """The pair with every price from `at_ms` on multiplied by `factor`; it must be trading then.

    `minute_so_far` are all trades of the minute of `at_ms`, None when it has none. A trade of one
    step at `at_ms` makes the new price known at once.
    """
    minute = at_ms // MINUTE_MS
    if not _SMALLEST <= factor <= _LARGEST:
        raise ConfigurationError(
            f"{pair.symbol} cannot be moved to {factor:g} times its price; the factor must lie "
            f"within {_SMALLEST:g} and {_LARGEST:g}"
        )
    before = minute_so_far or _no_trades(spread_at(pair, minute))
    trades = _rewritten(
        before, int(pair.bars.columns[OPEN, pair.bars.position(minute)]), at_ms, factor
    )
    move = Move(at_ms=at_ms, factor=factor, prices=pair.prices_in(minute), trades=trades)
    return replace(
        pair,
        bars=_moved_bars(pair.bars, minute, trades, factor),
        scripts=tuple(_moved_script(pair, script, minute, factor) for script in pair.scripts),
        moves=(*pair.moves, move),
    )


def _no_trades(spread: int) -> MinuteTrades:
    none, never = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    return MinuteTrades(none, none, none, never, never, spread)


def _rewritten(before: MinuteTrades, opened: int, at_ms: int, factor: float) -> MinuteTrades:
    """The minute's trades with those from `at_ms` on moved, led by one that tells the new price."""
    offset = at_ms % MINUTE_MS
    place = int(np.searchsorted(before.times, offset))
    last = int(before.prices[place - 1]) if place else opened
    first = _scaled(np.array([last]), factor)
    prices = np.concatenate((before.prices[:place], first, _scaled(before.prices[place:], factor)))
    return MinuteTrades(
        np.insert(before.times, place, offset),
        prices,
        np.insert(before.quantities, place, 1),
        np.insert(before.buys, place, factor > 1.0),
        np.insert(before.forced, place, False),
        before.spread,
    )


def _moved_bars(bars: MinuteBars, minute: int, trades: MinuteTrades, factor: float) -> MinuteBars:
    """The bars with the moved minute as its trades make it, and the later ones scaled."""
    place = bars.position(minute)
    columns = bars.columns.copy()
    opened = int(columns[OPEN, place])
    columns[OPEN : CLOSE + 1, place + 1 :] = _scaled(columns[OPEN : CLOSE + 1, place + 1 :], factor)
    columns[HIGH, place] = max(opened, int(trades.prices.max()))
    columns[LOW, place] = min(opened, int(trades.prices.min()))
    columns[CLOSE, place] = trades.prices[-1]
    columns[CLOSE + 1 :, place] = (
        trades.quantities.sum(),
        (trades.quantities * trades.buys).sum(),
    )
    return MinuteBars(bars.first_minute, columns)


def _moved_script(pair: Pair, script: Script, minute: int, factor: float) -> Script:
    """The script with its later minutes and orders moved along."""
    gap = pair.level_gap
    minutes = {
        each: trades._replace(prices=_scaled(trades.prices, factor)) if each > minute else trades
        for each, trades in script.minutes.items()
    }
    orders = tuple(
        replace(order, price=max(gap, round(order.price * factor / gap) * gap))
        for order in script.orders
    )
    return replace(script, minutes=minutes, orders=orders)


def _scaled(prices: Whole, factor: float) -> Whole:
    return np.asarray(np.maximum(1, np.rint(prices * factor)), dtype=np.int64)
