"""Volume-weighted average price of the UTC day, and price against it."""

from typing import Final

import numpy as np

from domain.directions import NEUTRAL
from domain.timeframes import Timeframe
from layers.technical.frame import Frame
from layers.technical.indicator_parameters import VwapShape
from layers.technical.reading import Reading
from layers.technical.shapes import Floats, by_trend, ramp, unit_interval

CANDLES_A_DAY: Final = 86_400_000 // Timeframe.M15.milliseconds


def day_vwap(frame: Frame) -> Floats:
    """VWAP of each candle's own UTC day up to it, shape of the frame's candles.

    Typical price (high + low + close) / 3 weighted by volume. NaN before the day's first volume;
    candles of a day that begins before the frame are incomplete, and no row looks at them.
    """
    typical = (frame.high + frame.low + frame.close) / 3.0
    turnover = _day_sums(frame, typical * frame.volume)
    return turnover / _day_sums(frame, frame.volume)


def _day_sums(frame: Frame, flow: Floats) -> Floats:
    """Running sums that begin anew at each UTC midnight; a missing candle adds nothing."""
    length, pairs = flow.shape
    skipped = (frame.number - length + 1) % CANDLES_A_DAY
    days = -(-(skipped + length) // CANDLES_A_DAY)
    padded = np.zeros((days * CANDLES_A_DAY, pairs))
    padded[skipped : skipped + length] = np.where(np.isnan(flow), 0.0, flow)
    by_day = padded.reshape(days, CANDLES_A_DAY, pairs)
    sums: Floats = np.cumsum(by_day, axis=1).reshape(padded.shape)
    return sums[skipped : skipped + length]


def vwap_reading(
    close: Floats, vwap: Floats, unit: Floats, backdrop: Floats, shape: VwapShape
) -> Reading:
    """Above VWAP is bullish, the more the farther; at VWAP the larger trend decides.

    The value is the distance of price from VWAP in percent of price, the event how near it is.
    """
    gap = (close - vwap) / unit
    apart = np.abs(gap)
    touch = unit_interval(1.0 - apart / shape.near)
    bounce = by_trend(
        backdrop,
        down=2.0 * NEUTRAL - shape.bounce_in_uptrend,
        flat=NEUTRAL,
        up=shape.bounce_in_uptrend,
    )
    beyond = (shape.above_near - NEUTRAL) + (shape.above_far - shape.above_near) * ramp(
        apart, shape.near, shape.far
    )
    return Reading(
        value=(close - vwap) / close * 100.0,
        distance=touch * bounce + (1.0 - touch) * np.sign(gap) * beyond,
        event=touch,
    )
