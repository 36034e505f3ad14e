"""The trade tape: the trades of a minute, whose sums are exactly the minute's bar.

A tape is a pure function of pair, minute and detail, so that REST and streams tell the same trades
under the same ids. Forming candles, best prices and last prices are what the tape has come to.
"""

from collections import OrderedDict, defaultdict
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import MINUTE_MS, OPEN, Whole
from exchanges.simulator.market.minute_path import price_at
from exchanges.simulator.market.minute_tape import MinuteSoFar, MinuteTape, Touch
from exchanges.simulator.market.minute_trades import minute_trades, spread_at
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.trades import AggregateTrade, MinuteTrades

_KEPT_MINUTES: Final = 3


class Tape:
    """Trades of any pair, up to `per_minute` aggregate trades in each minute.

    Scripted minutes have the trades of their script, whatever the detail.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._ids: dict[str, Whole] = {}
        self._kept: defaultdict[str, OrderedDict[int, MinuteTape | None]]
        self._kept = defaultdict(OrderedDict)

    def between(self, pair: Pair, after_ms: int, until_ms: int) -> list[AggregateTrade]:
        """Trades later than `after_ms`, up to and with `until_ms`, oldest first."""
        first = max(after_ms // MINUTE_MS, pair.bars.first_minute)
        last = min(until_ms // MINUTE_MS, pair.bars.end_minute - 1)
        parts = (self._minute(pair, minute) for minute in range(first, last + 1))
        return [trade for part in parts if part for trade in part.between(after_ms, until_ms)]

    def minute(self, pair: Pair, minute: int) -> list[AggregateTrade]:
        """The trades of one minute of the pair's life."""
        found = self._minute(pair, minute)
        return [] if found is None else found.trades

    def forced(self, pair: Pair, minute: int) -> list[AggregateTrade]:
        """The trades of one minute of the pair's life that closed somebody's position."""
        found = self._minute(pair, minute)
        return [] if found is None else found.forced

    def columns(self, pair: Pair, minute: int) -> MinuteTrades | None:
        """The trades of one minute of the pair's life as columns, None when there are none."""
        found = self._minute(pair, minute)
        return None if found is None else found.columns

    def forget(self, symbol: str) -> None:
        """Make the trades of a pair anew from here on: it is not the same any more."""
        self._kept.pop(symbol, None)
        self._ids.pop(symbol, None)

    def minute_of(self, pair: Pair, trade_id: int) -> int:
        """The minute in which an aggregate trade happens, clamped to the pair's life."""
        position = int(np.searchsorted(self._first_ids(pair), trade_id, side="right")) - 1
        return pair.bars.first_minute + min(max(position, 0), len(pair.bars) - 1)

    def so_far(self, pair: Pair, at_ms: int) -> MinuteSoFar:
        """The minute that contains `at_ms`, as far as it has come; the pair must trade then."""
        minute = at_ms // MINUTE_MS
        position = pair.bars.position(minute)
        found = self._minute(pair, minute)
        if found is not None:
            return found.so_far(pair, position, at_ms)
        opened = int(pair.bars.columns[OPEN, position])
        return MinuteSoFar(position, opened, opened, opened, opened, 0, 0, 0.0, 0.0, 0)

    def last_price(self, pair: Pair, at_ms: int) -> int:
        """Last price in ticks at an instant; the first open before all bars, the last close after.

        Within a minute without trades it is the minute's open.
        """
        if not pair.bars.start_ms <= at_ms < pair.bars.end_ms:
            return price_at(pair, at_ms)
        return self.so_far(pair, at_ms).close

    def touch(self, pair: Pair, at_ms: int) -> Touch:
        """Best bid and ask right after the last trade up to an instant."""
        minute = at_ms // MINUTE_MS
        lives = pair.bars.first_minute <= minute < pair.bars.end_minute
        found = self._minute(pair, minute) if lives else None
        if found is not None:
            return found.touch(at_ms)
        price, spread = self.last_price(pair, at_ms), spread_at(pair, minute)
        bid = max(1, price - spread // 2)
        return Touch(bid, bid + spread, 0, 0)

    def _minute(self, pair: Pair, minute: int) -> MinuteTape | None:
        """A minute of the pair's life, None when nothing trades in it."""
        kept = self._kept[pair.symbol]
        if minute not in kept:
            kept[minute] = self._made(pair, minute)
            if len(kept) > _KEPT_MINUTES:
                kept.popitem(last=False)
        return kept[minute]

    def _made(self, pair: Pair, minute: int) -> MinuteTape | None:
        position = minute - pair.bars.first_minute
        first_id, next_id = self._first_ids(pair)[position : position + 2].tolist()
        if next_id == first_id:
            return None
        first_fill, next_fill = pair.first_trade_ids[position : position + 2].tolist()
        columns = pair.scripted.get(minute)
        if columns is None:
            columns = minute_trades(pair, minute, next_id - first_id)
        return MinuteTape(minute, columns, (first_id, next_id), (first_fill, next_fill))

    def _first_ids(self, pair: Pair) -> Whole:
        """Id of the first aggregate trade of each minute; the last is the next free id."""
        ids = self._ids.get(pair.symbol)
        if ids is None:
            counts = np.minimum(self._per_minute, np.diff(pair.first_trade_ids))
            for minute, trades in pair.scripted.items():
                counts[pair.bars.position(minute)] = len(trades.times)
            ids = np.concatenate(([1], 1 + np.cumsum(counts)))
            self._ids[pair.symbol] = ids
        return ids
