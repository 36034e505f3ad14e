"""Makes the trades of a minute out of its bar: the bar's sums and extremes, trade by trade.

Takers come in bursts and in runs of one side, few of their trades are large, and each prints at the
bid or at the ask around the minute's path. What is bought and sold adds up exactly to the bar.
"""

import math
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import HIGH, LOW, MINUTE_MS, TAKER_BUY, VOLUME, Real, Whole
from exchanges.simulator.market.minute_path import MinuteShape, minute_shape
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import noise_array
from exchanges.simulator.market.trades import Flags, MinuteTrades

_VIOLENT_RANGE: Final = 0.008

_DRAWS_A_MINUTE: Final = 8192
_TAIL: Final = 1.5
_LARGEST_WEIGHT: Final = 150.0
_RUN: Final = 7
_OWN_MIND: Final = 0.2
_BURSTS: Final = 4.0
_PULL_OF_THE_PATH: Final = 0.1
_SPREAD_OF_RANGE: Final = 0.05
_CALM_RANGE: Final = 0.003
_WAVER: Final = 0.25
_MOST_FORCED: Final = 6


def minute_trades(pair: Pair, minute: int, count: int) -> MinuteTrades:
    """The trades of a minute that has volume, split into `count` (at most its volume in steps)."""
    counters = minute * _DRAWS_A_MINUTE + np.arange(4 * count)
    sizes, sides, gaps, waver = noise_array(pair.key + 4, counters).reshape(4, count)
    shape, spread = minute_shape(pair, minute), spread_at(pair, minute)
    times = _times(gaps, sides)
    knots = _knots(shape, times)
    buys = _sides(pair, minute, shape, times, knots, sides)
    quantities = _quantities(pair, minute, buys, sizes)
    prices = _prices(shape, times, knots, buys, waver, spread)
    forced = _forced(pair, minute, shape, times, buys, quantities)
    return MinuteTrades(times, prices, quantities, buys, forced, spread)


def spread_at(pair: Pair, minute: int) -> int:
    """Ticks between bid and ask: tight where much trades, wider after a wild minute."""
    thousands = max(1.0, pair.usual_turnover / 1_000.0)
    usual = max(0.02, 1.6 - 0.4 * math.log10(thousands)) * 1e-4
    high = int(pair.bars.columns[HIGH, pair.bars.position(minute - 1)])
    wild = _SPREAD_OF_RANGE * (last_range(pair, minute) - _CALM_RANGE)
    return max(1, round(high * max(usual, wild)))


def last_range(pair: Pair, minute: int) -> float:
    """Range of the minute before, as a fraction of its high."""
    return _range(pair, minute - 1)


def is_violent(pair: Pair, minute: int) -> bool:
    """Whether positions are liquidated in a minute: its range is 0.8 % or more."""
    return _range(pair, minute) >= _VIOLENT_RANGE


def heavy_tailed(draws: Real) -> Real:
    """Sizes out of uniform draws: most are small, some 3 and a few 10 times their mean (Pareto)."""
    return np.minimum((1.0 - draws) ** (-1.0 / _TAIL), _LARGEST_WEIGHT)


def split(total: int, weights: Real) -> Whole:
    """Whole parts of at least 1, about in proportion to the weights, that add up to `total`."""
    if not weights.size:
        return np.zeros(0, dtype=np.int64)
    share = np.cumsum(weights) / weights.sum()
    cuts = np.floor(share * (total - weights.size) + 1e-9).astype(np.int64)
    cuts[-1] = total - weights.size
    return np.asarray(np.diff(cuts, prepend=0) + 1, dtype=np.int64)


def in_runs(draws: Real) -> Real:
    """The same draws made alike to their neighbours, around 0.5."""
    if draws.size <= _RUN:
        return draws
    return np.convolve(np.pad(draws, _RUN // 2, mode="edge"), np.full(_RUN, 1.0 / _RUN), "valid")


def _times(gaps: Real, moods: Real) -> Whole:
    """Milliseconds into the minute: bursts and pauses, a first trade at 0, a last at its end."""
    waits = np.cumsum(-np.log1p(-gaps) * np.exp(_BURSTS * (in_runs(moods) - 0.5)) + 1e-9)
    waits -= waits[0]
    return (waits * ((MINUTE_MS - 1) / max(float(waits[-1]), 1e-9))).astype(np.int64)


def _knots(shape: MinuteShape, times: Whole) -> tuple[int, int]:
    """Which trades print the extremes; both 0 when there are too few trades for that."""
    count = len(times)
    if count < 4:
        return 0, 0
    first, second = np.searchsorted(
        times, (shape.first_at * MINUTE_MS, shape.second_at * MINUTE_MS)
    ).tolist()
    first = min(max(first, 1), count - 3)
    return first, min(max(second, first + 1), count - 2)


def _sides(
    pair: Pair,
    minute: int,
    shape: MinuteShape,
    times: Whole,
    knots: tuple[int, int],
    draws: Real,
) -> Flags:
    """Which trades are buys: in runs, more of them while the path rises, the high always."""
    count = len(times)
    volume, bought = pair.bars.columns[[VOLUME, TAKER_BUY], pair.bars.position(minute)].tolist()
    sold = volume - bought
    fewest = max(int(bought > 0), count - sold)
    most = min(bought, count - int(sold > 0))
    buyers = min(max(round(count * bought / volume), fewest), most)
    appetite = in_runs(draws) + _OWN_MIND * draws + _PULL_OF_THE_PATH * _directions(shape, times)
    if knots[1]:
        rising = 1.0 if shape.second_extreme >= shape.first_extreme else -1.0
        appetite[knots[0]], appetite[knots[1]] = -2.0 * rising, 2.0 * rising
    buys = np.zeros(count, dtype=np.bool_)
    buys[np.argsort(appetite)[count - buyers :]] = True
    return buys


def _directions(shape: MinuteShape, times: Whole) -> Real:
    """-1, 0 or 1 for each time: where the path is going."""
    legs = np.sign(np.diff((shape.open, shape.first_extreme, shape.second_extreme, shape.close)))
    ends = (shape.first_at * MINUTE_MS, shape.second_at * MINUTE_MS)
    return np.asarray(legs[np.searchsorted(ends, times, side="right")], dtype=np.float64)


def _quantities(pair: Pair, minute: int, buys: Flags, draws: Real) -> Whole:
    volume, bought = pair.bars.columns[[VOLUME, TAKER_BUY], pair.bars.position(minute)].tolist()
    weights = heavy_tailed(draws)
    quantities = np.zeros(len(buys), dtype=np.int64)
    quantities[buys] = split(bought, weights[buys])
    quantities[~buys] = split(volume - bought, weights[~buys])
    return quantities


def _prices(
    shape: MinuteShape,
    times: Whole,
    knots: tuple[int, int],
    buys: Flags,
    draws: Real,
    spread: int,
) -> Whole:
    """Bid or ask around the path, within the bar; open, extremes and close exactly."""
    low, high = sorted((shape.first_extreme, shape.second_extreme))
    room = max(0, high - low - spread)
    path = shape.path(times / MINUTE_MS) + _WAVER * (high - low) * (in_runs(draws) - 0.5)
    share = (path - low) / max(1, high - low)
    bids = np.rint((low + high - spread) / 2.0 + room * (np.clip(share, 0.0, 1.0) - 0.5))
    prices = np.clip(bids + spread * buys, low, high).astype(np.int64)
    prices[-1], prices[0] = shape.close, shape.open
    if knots[1]:
        prices[list(knots)] = shape.first_extreme, shape.second_extreme
    return np.asarray(prices)


def _range(pair: Pair, minute: int) -> float:
    high, low = pair.bars.columns[[HIGH, LOW], pair.bars.position(minute)].tolist()
    return float((high - low) / high)


def _forced(
    pair: Pair, minute: int, shape: MinuteShape, times: Whole, buys: Flags, quantities: Whole
) -> Flags:
    """Liquidations of a violent minute: large trades on the side of its main leg, in that leg."""
    forced = np.zeros(len(times), dtype=np.bool_)
    if not is_violent(pair, minute):
        return forced
    begin, end = round(shape.first_at * MINUTE_MS), round(shape.second_at * MINUTE_MS)
    with_it = buys == (shape.second_extreme > shape.first_extreme)
    in_leg = with_it & (times >= begin) & (times <= end)
    places = np.flatnonzero(in_leg if in_leg.any() else with_it)
    largest = places[np.argsort(quantities[places])][::-1]
    _, distinct_seconds = np.unique(times[largest] // 1000, return_index=True)
    count = min(_MOST_FORCED, int(2.0 * _range(pair, minute) / _VIOLENT_RANGE))
    forced[largest[np.sort(distinct_seconds)][:count]] = True
    return forced
