"""Klines of any interval, finished and forming, made from minute bars."""

from typing import Any, Final, NamedTuple

import numpy as np

from exchanges.simulator.market.bars import (
    CLOSE,
    HIGH,
    LOW,
    MINUTE_MS,
    OPEN,
    TAKER_BUY,
    VOLUME,
    Whole,
)
from exchanges.simulator.market.minute_tape import MinuteSoFar
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.tape import Tape

INTERVAL_MINUTES: Final = {
    "1m": 1,
    "3m": 3,
    "5m": 5,
    "15m": 15,
    "30m": 30,
    "1h": 60,
    "2h": 120,
    "4h": 240,
    "6h": 360,
    "8h": 480,
    "12h": 720,
    "1d": 1440,
}
"""Intervals whose candles start at multiples of their length since the epoch."""


class Kline(NamedTuple):
    """One candle: prices in ticks, volumes in steps, quote volumes in quote currency."""

    open_ms: int
    close_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    taker_buy: int
    quote_volume: float
    taker_buy_quote: float
    first_trade: int
    trades: int

    @property
    def last_trade(self) -> int:
        """Id of the last trade, -1 like the first when there was none."""
        return self.first_trade + self.trades - 1 if self.trades else -1


def closed_klines(pair: Pair, interval: int, first: int, last: int) -> list[Kline]:
    """Finished candles number `first` to `last`, both included; `interval` in minutes.

    A candle's number is its open time over its length. Candles before the listing are left out;
    the caller sees to it that `last` is over.
    """
    bars = pair.bars
    first = max(first, bars.first_minute // interval)
    last = min(last, (bars.end_minute - 1) // interval)
    if first > last:
        return []
    columns = _columns(pair, interval, np.arange(first, last + 2))
    return [Kline(*row) for row in zip(*columns, strict=True)]


def _columns(pair: Pair, interval: int, numbers: Whole) -> list[list[Any]]:
    """The fields of candles as columns; the last of `numbers` is the one after them."""
    bars = pair.bars
    edges = np.clip(numbers * interval - bars.first_minute, 0, len(bars))
    begin, end = int(edges[0]), int(edges[-1])
    starts = edges[:-1] - begin
    minutes, prices = bars.columns[:, begin:end], pair.average_prices[begin:end]
    opened = numbers[:-1] * (interval * MINUTE_MS)
    trades = np.diff(pair.first_trade_ids[edges])
    columns = (
        opened,
        opened + interval * MINUTE_MS - 1,
        minutes[OPEN][starts],
        np.maximum.reduceat(minutes[HIGH], starts),
        np.minimum.reduceat(minutes[LOW], starts),
        minutes[CLOSE][edges[1:] - begin - 1],
        np.add.reduceat(minutes[VOLUME], starts),
        np.add.reduceat(minutes[TAKER_BUY], starts),
        np.add.reduceat(minutes[VOLUME] * prices, starts),
        np.add.reduceat(minutes[TAKER_BUY] * prices, starts),
        np.where(trades > 0, pair.first_trade_ids[edges[:-1]], -1),
        trades,
    )
    return [column.tolist() for column in columns]


def forming_kline(tape: Tape, pair: Pair, interval: int, at_ms: int) -> Kline | None:
    """The candle that contains `at_ms`, as its trades so far have made it.

    None outside the pair's life.
    """
    bars = pair.bars
    minute = at_ms // MINUTE_MS
    if not bars.first_minute <= minute < bars.end_minute:
        return None
    opened = minute // interval * interval
    begin = max(opened - bars.first_minute, 0)
    return _joined(pair, opened, interval, begin, tape.so_far(pair, at_ms))


def _joined(pair: Pair, opened: int, interval: int, begin: int, now: MinuteSoFar) -> Kline:
    """The finished minutes from position `begin` on, joined with the running one."""
    end = now.position
    done, prices = pair.bars.columns[:, begin:end], pair.average_prices[begin:end]
    first_id = int(pair.first_trade_ids[begin])
    trades = int(pair.first_trade_ids[end]) - first_id + now.trades
    return Kline(
        open_ms=opened * MINUTE_MS,
        close_ms=(opened + interval) * MINUTE_MS - 1,
        open=int(done[OPEN, 0]) if end > begin else now.open,
        high=int(done[HIGH].max(initial=now.high)),
        low=int(done[LOW].min(initial=now.low)),
        close=now.close,
        volume=int(done[VOLUME].sum()) + now.volume,
        taker_buy=int(done[TAKER_BUY].sum()) + now.taker_buy,
        quote_volume=float(done[VOLUME] @ prices) + now.quote_volume,
        taker_buy_quote=float(done[TAKER_BUY] @ prices) + now.taker_buy_quote,
        first_trade=first_id if trades else -1,
        trades=trades,
    )
