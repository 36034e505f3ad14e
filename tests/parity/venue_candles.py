"""The closed candles of a simulated pair, as REST tells them: read from the venue's own digits."""

from typing import Any

import numpy as np

from domain.candles import CandleSeries
from domain.instruments import Instrument
from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.klines import closed_klines
from exchanges.simulator.market.pairs import Pair


def candles_of(pair: Pair, timeframe: Timeframe, first: int, last: int) -> CandleSeries | None:
    """Candles number `first` to `last`, as far as the pair has them."""
    klines = closed_klines(pair, timeframe.milliseconds // MINUTE_MS, first, last)
    if not klines:
        return None
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    rows = [
        (
            *(float(price(value)) for value in (kline.open, kline.high, kline.low, kline.close)),
            float(quantity(kline.volume)),
            float(quantity(kline.taker_buy)),
        )
        for kline in klines
    ]
    columns: Any = np.ascontiguousarray(np.array(rows).T)
    first_index = klines[0].open_ms // timeframe.milliseconds
    return CandleSeries(timeframe, first_index, columns.data.toreadonly())


def history_of(
    pair: Pair, from_ms: int, to_ms: int, *, spare: int = 0
) -> dict[Timeframe, CandleSeries]:
    """What decisions from one instant to another look back on, and `spare` candles more."""
    found = {}
    for timeframe, window in ANCHORED_WINDOWS.items():
        first = timeframe.last_closed_index(from_ms) - window.depth - spare
        series = candles_of(pair, timeframe, first, timeframe.last_closed_index(to_ms))
        if series is not None:
            found[timeframe] = series
    return found


def closed_at(candles: dict[Timeframe, CandleSeries], at_ms: int) -> dict[Timeframe, CandleSeries]:
    """What of it is closed at an instant; nothing is copied."""
    return {
        timeframe: _until(series, timeframe.last_closed_index(at_ms))
        for timeframe, series in candles.items()
    }


def _until(series: CandleSeries, last: int) -> CandleSeries:
    columns: Any = np.asarray(series.columns)[:, : last - series.first_index + 1]
    return CandleSeries(series.timeframe, series.first_index, columns.data.toreadonly())


def instrument_of(pair: Pair) -> Instrument:
    """The pair as exchangeInfo lists it."""
    contract = pair.contract
    return Instrument(
        symbol=contract.symbol,
        base=contract.base,
        quote=contract.quote,
        tick=contract.tick,
        step=contract.step,
        minimum_quantity=contract.step,
        minimum_notional=contract.minimum_notional,
    )
