"""The trade tape: the trades of a minute, whose sums are exactly the minute's bar.

A tape is a pure function of pair, minute and detail, so that REST and streams tell the same trades
under the same ids. Quantities add up to volume and taker buys; prices follow the minute's path.
"""

from typing import NamedTuple

import numpy as np

from exchanges.simulator.market.bars import MINUTE_MS, TAKER_BUY, VOLUME, Real, Whole
from exchanges.simulator.market.minute_path import minute_shape
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import noise_array


class AggregateTrade(NamedTuple):
    """Fills of one taker at one price: price in ticks, quantity in steps."""

    id: int
    price: int
    quantity: int
    first_trade: int
    last_trade: int
    at_ms: int
    buyer_is_maker: bool


class Tape:
    """Trades of any pair, up to `per_minute` aggregate trades in each minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._ids: dict[str, Whole] = {}
        self._newest: dict[str, tuple[int, list[AggregateTrade]]] = {}

    def between(self, pair: Pair, after_ms: int, until_ms: int) -> list[AggregateTrade]:
        """Trades later than `after_ms`, up to and with `until_ms`, oldest first."""
        first = max(after_ms // MINUTE_MS, pair.bars.first_minute)
        last = min(until_ms // MINUTE_MS, pair.bars.end_minute - 1)
        return [
            trade
            for minute in range(first, last + 1)
            for trade in self.minute(pair, minute)
            if after_ms < trade.at_ms <= until_ms
        ]

    def minute(self, pair: Pair, minute: int) -> list[AggregateTrade]:
        """The trades of one minute of the pair's life."""
        known = self._newest.get(pair.symbol)
        if known is not None and known[0] == minute:
            return known[1]
        trades = self._trades(pair, minute)
        self._newest[pair.symbol] = (minute, trades)
        return trades

    def minute_of(self, pair: Pair, trade_id: int) -> int:
        """The minute in which an aggregate trade happens, clamped to the pair's life."""
        position = int(np.searchsorted(self._first_ids(pair), trade_id, side="right")) - 1
        return pair.bars.first_minute + min(max(position, 0), len(pair.bars) - 1)

    def _first_ids(self, pair: Pair) -> Whole:
        ids = self._ids.get(pair.symbol)
        if ids is None:
            counts = np.minimum(self._per_minute, np.diff(pair.first_trade_ids))
            ids = np.concatenate(([1], 1 + np.cumsum(counts)))
            self._ids[pair.symbol] = ids
        return ids

    def _trades(self, pair: Pair, minute: int) -> list[AggregateTrade]:
        position = minute - pair.bars.first_minute
        first_id, next_id = self._first_ids(pair)[position : position + 2].tolist()
        count = next_id - first_id
        if count == 0:
            return []
        draws = noise_array(pair.key + 4, minute * 1024 + np.arange(3 * count)).reshape(3, count)
        quantities, buys = _quantities(pair, position, draws[0], draws[1])
        times, prices = _path(pair, minute, draws[2])
        fills = pair.first_trade_ids[position : position + 2].tolist()
        edges = fills[0] + np.arange(count + 1) * (fills[1] - fills[0]) // count
        columns = (
            range(first_id, next_id),
            prices,
            quantities.tolist(),
            edges[:-1].tolist(),
            (edges[1:] - 1).tolist(),
            (times + minute * MINUTE_MS).tolist(),
            (~buys).tolist(),
        )
        return [AggregateTrade(*row) for row in zip(*columns, strict=True)]


def _quantities(
    pair: Pair, position: int, sizes: Real, order: Real
) -> tuple[Whole, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """Quantities of a minute's trades and which of them are taker buys."""
    count = len(sizes)
    volume, bought = pair.bars.columns[[VOLUME, TAKER_BUY], position].tolist()
    sold = volume - bought
    fewest = max(int(bought > 0), count - sold)
    most = min(bought, count - int(sold > 0))
    buyers = min(max(round(count * bought / volume), fewest), most)
    buys = np.zeros(count, dtype=np.bool_)
    buys[np.argsort(order)[:buyers]] = True
    quantities = np.zeros(count, dtype=np.int64)
    quantities[buys] = split(bought, np.exp(2.0 * sizes[buys]))
    quantities[~buys] = split(sold, np.exp(2.0 * sizes[~buys]))
    return quantities, buys


def split(total: int, weights: Real) -> Whole:
    """Whole parts of at least 1, about in proportion to the weights, that add up to `total`."""
    if not weights.size:
        return np.zeros(0, dtype=np.int64)
    share = np.cumsum(weights) / weights.sum()
    cuts = np.floor(share * (total - weights.size) + 1e-9).astype(np.int64)
    cuts[-1] = total - weights.size
    return np.asarray(np.diff(cuts, prepend=0) + 1, dtype=np.int64)


def _path(pair: Pair, minute: int, jitter: Real) -> tuple[Whole, list[int]]:
    """Milliseconds into the minute and prices: one trade a slot, the extremes in theirs."""
    shape = minute_shape(pair, minute)
    count = len(jitter)
    fractions = (np.arange(count) + jitter) / count
    fractions[0], fractions[-1] = 0.0, max(fractions[-1], 1.0 - 1.0 / MINUTE_MS)
    for knot in (shape.first_at, shape.second_at):
        fractions[int(knot * count)] = knot
    times = (fractions * MINUTE_MS).astype(np.int64)
    return times, [shape.price(fraction) for fraction in fractions.tolist()]
