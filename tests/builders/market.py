"""Instruments and candles for tests."""

import math
from datetime import datetime
from decimal import Decimal

from domain.candles import Candle, CandleSeries
from domain.instruments import Instrument
from domain.timeframes import Timeframe, to_ms


def make_instrument(
    base: str = "BTC", *, tick: str = "0.1", step: str = "0.001", quote: str = "USDT"
) -> Instrument:
    return Instrument(
        symbol=f"{base}{quote}" if f"{base}{quote}".isalnum() else "XUSDT",
        base=base,
        quote=quote,
        tick=Decimal(tick),
        step=Decimal(step),
        minimum_quantity=Decimal(step),
        minimum_notional=Decimal(5),
    )


def make_candles(
    closed_at: datetime,
    *,
    count: int = 96,
    close: float = 64_210.5,
    swing: float = 0.004,
    drift: float = 0.00005,
    timeframe: Timeframe = Timeframe.M15,
) -> CandleSeries:
    """A smooth wave that ends at `close`; `swing` and `drift` are fractions of the price."""
    last = timeframe.last_closed_index(to_ms(closed_at))
    shape = [1 + swing * math.sin(k / 7) + drift * k for k in range(count + 1)]
    prices = [close * value / shape[-1] for value in shape]
    return CandleSeries.of(
        [
            make_candle(
                index=last - count + 1 + k,
                timeframe=timeframe,
                open_=prices[k],
                close=prices[k + 1],
                wick=close * swing / 4 * (1 + math.cos(k * 1.7)) / 2,
                volume=100 + 80 * abs(math.sin(k * 0.9)),
            )
            for k in range(count)
        ]
    )


def make_candle(
    *,
    index: int,
    open_: float,
    close: float,
    wick: float = 0.0,
    volume: float = 100.0,
    timeframe: Timeframe = Timeframe.M15,
) -> Candle:
    return Candle(
        timeframe=timeframe,
        index=index,
        open=open_,
        high=max(open_, close) + wick,
        low=min(open_, close) - wick,
        close=close,
        volume=volume,
    )
