"""One minute of the tape with its running sums: what it has come to at any instant."""

from bisect import bisect_right
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from exchanges.simulator.market.bars import MINUTE_MS, OPEN
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.trades import AggregateTrade, MinuteTrades

_REFILL_MS: Final = 1_000


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


class Touch(NamedTuple):
    """Best bid and ask in ticks, and what takers have taken from either within the last second."""

    bid: int
    ask: int
    bid_taken: int
    ask_taken: int


class MinuteTape:
    """One minute's trades with their running sums and extremes."""

    def __init__(
        self, minute: int, columns: MinuteTrades, ids: tuple[int, int], fills: tuple[int, int]
    ) -> None:
        self.columns = columns
        self._begin_ms = minute * MINUTE_MS
        self._ids = ids
        self._fills = fills
        self._times = (columns.times + self._begin_ms).tolist()
        self._prices: list[int] = columns.prices.tolist()
        self._buys: list[bool] = columns.buys.tolist()
        self._trades: list[AggregateTrade] | None = None
        self._highs = list(accumulate(self._prices, max))
        self._lows = list(accumulate(self._prices, min))
        self._volumes = [0, *np.cumsum(columns.quantities).tolist()]
        self._bought = [0, *np.cumsum(columns.quantities * columns.buys).tolist()]

    @property
    def trades(self) -> list[AggregateTrade]:
        """All trades of the minute, oldest first."""
        if self._trades is None:
            self._trades = self._listed()
        return self._trades

    @property
    def forced(self) -> list[AggregateTrade]:
        """Those that closed somebody's position."""
        return [self.trades[place] for place in np.flatnonzero(self.columns.forced).tolist()]

    def between(self, after_ms: int, until_ms: int) -> list[AggregateTrade]:
        """Trades later than `after_ms`, up to and with `until_ms`."""
        begin = bisect_right(self._times, after_ms)
        return self.trades[begin : bisect_right(self._times, until_ms)]

    def so_far(self, pair: Pair, position: int, at_ms: int) -> MinuteSoFar:
        """The minute as its trades up to an instant have made it."""
        done = bisect_right(self._times, at_ms)
        opened = int(pair.bars.columns[OPEN, position])
        volume, bought = self._volumes[done], self._bought[done]
        average = float(pair.average_prices[position])
        return MinuteSoFar(
            position,
            opened,
            max(opened, self._highs[done - 1]) if done else opened,
            min(opened, self._lows[done - 1]) if done else opened,
            self._prices[done - 1] if done else opened,
            volume,
            bought,
            volume * average,
            bought * average,
            self._fill_before(done) - self._fills[0],
        )

    def touch(self, at_ms: int) -> Touch:
        """Bid and ask around the last trade, on the side that its taker took from."""
        done = bisect_right(self._times, at_ms)
        since = bisect_right(self._times, at_ms - _REFILL_MS)
        last = max(done - 1, 0)
        price, spread = self._prices[last], self.columns.spread
        bid = max(1, price - spread if self._buys[last] else price)
        bought = self._bought[done] - self._bought[since]
        volume = self._volumes[done] - self._volumes[since]
        return Touch(bid, max(bid + 1, bid + spread), volume - bought, bought)

    def _fill_before(self, place: int) -> int:
        """Id of the first fill of the trade at a place."""
        first, after = self._fills
        return first + place * (after - first) // len(self._times)

    def _listed(self) -> list[AggregateTrade]:
        columns = (
            range(*self._ids),
            self._prices,
            self.columns.quantities.tolist(),
            [self._fill_before(place) for place in range(len(self._times))],
            [self._fill_before(place + 1) - 1 for place in range(len(self._times))],
            self._times,
            (~self.columns.buys).tolist(),
        )
        return [AggregateTrade(*row) for row in zip(*columns, strict=True)]
