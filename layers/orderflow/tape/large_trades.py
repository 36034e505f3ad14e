"""Large trades: measured against the mean of the five minutes before, and by notional."""

from array import array
from bisect import bisect_left, bisect_right

from domain.tape import LargeTrades
from layers.orderflow.tape.columns import Columns, forget_rows
from layers.orderflow.tape.exact import NOTIONAL_UNITS
from layers.orderflow.tape.parameters import TapeParameters
from layers.orderflow.tape.windows import FIVE_MINUTES_MS


class Sightings:
    """Trades of one class of size, with sums that run along; row 0 is the floor."""

    __slots__ = ("_bought_notional", "_buys", "_notional", "_times")

    def __init__(self) -> None:
        self._times = array("q", [0])
        self._buys = array("q", [0])
        self._notional = array("q", [0])
        self._bought_notional = array("q", [0])

    def add(self, exchange_ms: int, notional: int, is_buy: bool) -> None:
        """Add a trade not earlier than the others."""
        self._times.append(exchange_ms)
        self._buys.append(self._buys[-1] + is_buy)
        self._notional.append(self._notional[-1] + notional)
        self._bought_notional.append(self._bought_notional[-1] + notional * is_buy)

    def between(self, from_ms: int, to_ms: int) -> LargeTrades:
        """Trades later than `from_ms`, up to and with `to_ms`."""
        begin = bisect_right(self._times, from_ms, 1) - 1
        end = bisect_right(self._times, to_ms, 1) - 1
        buys = self._buys[end] - self._buys[begin]
        bought = self._bought_notional[end] - self._bought_notional[begin]
        notional = self._notional[end] - self._notional[begin]
        return LargeTrades(
            buys=buys,
            sells=end - begin - buys,
            buy_notional=bought / NOTIONAL_UNITS,
            sell_notional=(notional - bought) / NOTIONAL_UNITS,
        )

    def rewind(self, from_ms: int) -> None:
        """Take off the trades from an instant on."""
        first = bisect_left(self._times, from_ms, 1)
        for column in (self._times, self._buys, self._notional, self._bought_notional):
            del column[first:]

    def forget(self, until_ms: int) -> None:
        """Drop the trades up to and with an instant."""
        rows = bisect_right(self._times, until_ms, 1) - 1
        del self._times[:rows]
        for sums in (self._buys, self._notional, self._bought_notional):
            forget_rows(sums, rows)


class LargeTradeWatch:
    """Sorts each trade into the classes of size, when it is added to the columns."""

    __slots__ = (
        "_big_notional",
        "_large_multiple",
        "_least_trades",
        "_oldest",
        "_very_large_multiple",
        "big",
        "large",
        "very_large",
    )

    def __init__(self, parameters: TapeParameters) -> None:
        self._large_multiple = parameters.large_multiple
        self._very_large_multiple = parameters.very_large_multiple
        self._least_trades = parameters.large_least_trades
        self._big_notional = parameters.big_notional * NOTIONAL_UNITS
        self._oldest = 1  # row of the oldest trade of the five minutes
        self.large = Sightings()
        self.very_large = Sightings()
        self.big = Sightings()

    def observe(
        self, before: Columns, exchange_ms: int, steps: int, notional: int, is_buy: bool
    ) -> None:
        """Sort a trade that is about to be added; the mean is of the trades `before` it."""
        if notional > self._big_notional:
            self.big.add(exchange_ms, notional, is_buy)
        times = before.times
        end = len(times)
        begin = exchange_ms - FIVE_MINUTES_MS
        oldest = self._oldest
        while oldest < end and times[oldest] <= begin:
            oldest += 1
        self._oldest = oldest
        trades = end - oldest
        if trades < self._least_trades:
            return
        # The mean is volume / trades; compared as products, whole numbers stay exact.
        volume = before.volume[-1] - before.volume[oldest - 1]
        if steps * trades >= self._large_multiple * volume:
            self.large.add(exchange_ms, notional, is_buy)
            if steps * trades >= self._very_large_multiple * volume:
                self.very_large.add(exchange_ms, notional, is_buy)

    def rewind(self, before: Columns, from_ms: int) -> None:
        """Take off the trades from an instant on; `before` is what the columns then hold."""
        for sightings in (self.large, self.very_large, self.big):
            sightings.rewind(from_ms)
        self._oldest = before.row_at(before.last_ms - FIVE_MINUTES_MS) + 1

    def forget(self, rows: int, until_ms: int) -> None:
        """Drop the trades up to and with an instant, which are the oldest rows of the columns."""
        for sightings in (self.large, self.very_large, self.big):
            sightings.forget(until_ms)
        self._oldest = max(1, self._oldest - rows)
