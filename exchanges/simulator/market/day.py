"""The last 24 hours of a pair, as tickers tell them."""

from typing import NamedTuple

from exchanges.simulator.market.bars import HIGH, LOW, MINUTE_MS, OPEN, VOLUME
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.tape import Tape

_DAY_MINUTES = 1440


class Day(NamedTuple):
    """24 hours up to now: prices in ticks, volume in steps, quote volume in quote currency."""

    open: int
    high: int
    low: int
    last: int
    volume: int
    quote_volume: float
    open_ms: int
    first_trade: int
    trades: int

    @property
    def change(self) -> int:
        """Price change in ticks."""
        return self.last - self.open

    @property
    def change_percent(self) -> float:
        """Price change in percent of the opening price."""
        return (self.last / self.open - 1.0) * 100.0


def last_day(tape: Tape, pair: Pair, at_ms: int) -> Day:
    """The 1,440 minutes that end with the running one (fewer after a listing)."""
    bars = pair.bars
    at_ms = min(at_ms, bars.end_ms - 1)
    now = tape.so_far(pair, at_ms)
    end = now.position
    begin = max(0, end - _DAY_MINUTES + 1)
    done = bars.columns[:, begin:end]
    first_trade = int(pair.first_trade_ids[begin])
    return Day(
        open=int(bars.columns[OPEN, begin]),
        high=int(done[HIGH].max(initial=now.high)),
        low=int(done[LOW].min(initial=now.low)),
        last=now.close,
        volume=int(done[VOLUME].sum()) + now.volume,
        quote_volume=float(done[VOLUME] @ pair.average_prices[begin:end]) + now.quote_volume,
        open_ms=(bars.first_minute + begin) * MINUTE_MS,
        first_trade=first_trade,
        trades=int(pair.first_trade_ids[end]) - first_trade + now.trades,
    )
