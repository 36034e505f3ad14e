"""RSI, StochRSI, MACD and the Bollinger bands."""

import numpy as np

from domain.directions import NEUTRAL
from layers.technical.frame import Frame
from layers.technical.indicator_parameters import (
    BollingerShape,
    MacdShape,
    Periods,
    RsiShape,
    StochasticShape,
)
from layers.technical.reading import Reading
from layers.technical.shapes import (
    Floats,
    by_trend,
    fresh_cross,
    lifted,
    ramp,
    signed_unit,
    total,
    unit_interval,
)


def rsi_reading(frame: Frame, backdrop: Floats, periods: Periods, shape: RsiShape) -> Reading:
    """Oversold is a bounce in an uptrend and weakness in a downtrend; the middle says nothing.

    The value is RSI, the event how far it is oversold (+) or overbought (-). Unknown where no close
    of the period differs: Wilder's ratio is 0 / 0 then.
    """
    closes = frame.lags(frame.close, periods.rsi + 1)
    has_moved = closes.max(axis=0) > closes.min(axis=0)
    rsi = np.where(has_moved, frame.at(frame.rsi), np.nan)
    oversold = ramp(rsi, shape.neutral, shape.oversold)
    overbought = ramp(rsi, 100.0 - shape.neutral, 100.0 - shape.oversold)
    return Reading(
        value=rsi,
        distance=oversold * _reversal(backdrop, shape) - overbought * _reversal(-backdrop, shape),
        event=oversold - overbought,
    )


def _reversal(backdrop: Floats, shape: RsiShape) -> Floats:
    return by_trend(
        backdrop, down=shape.in_downtrend, flat=shape.without_trend, up=shape.in_uptrend
    )


def stochastic_reading(frame: Frame, periods: Periods, shape: StochasticShape) -> Reading:
    """%K against %D of RSI's place in its own range; strong when crossing out of an extreme.

    %K is smoothed, as charting sites show it. The value is %K, the event the cross.
    """
    smoothing, kept = periods.smoothing, shape.cross_candles + 1
    places = _rsi_places(frame, periods, shape, kept + 2 * (smoothing - 1))
    fast = _smoothed(places, smoothing)
    slow = _smoothed(fast, smoothing)
    gaps = fast[:kept] - slow
    leaving_low = _turn(gaps, shape) * ramp(fast[:kept].min(axis=0), shape.neutral, shape.oversold)
    leaving_high = _turn(-gaps, shape) * ramp(
        fast[:kept].max(axis=0), 100.0 - shape.neutral, 100.0 - shape.oversold
    )
    out_of_extreme = leaving_low - leaving_high
    rising = (shape.rising - NEUTRAL) * signed_unit(gaps[0] / shape.full_gap)
    return Reading(
        value=fast[0],
        distance=lifted(rising, shape.crossing_up, out_of_extreme),
        event=out_of_extreme,
    )


def _turn(gaps: Floats, shape: StochasticShape) -> Floats:
    """How surely %K just rose above %D, 0 to 1; it may have lain on it, as at the very bottom."""
    was_below = ramp(gaps[1:].min(axis=0), shape.full_cross, 0.0)
    return unit_interval(gaps[0] / shape.full_cross) * was_below


def _rsi_places(frame: Frame, periods: Periods, shape: StochasticShape, count: int) -> Floats:
    """Place of RSI in its range, 0 to 100, of the newest `count` candles; NaN without a range."""
    history = frame.lags(frame.rsi, count + periods.stochastic - 1)
    places = np.empty((count, *history.shape[1:]))
    for lag in range(count):
        window = history[lag : lag + periods.stochastic]
        lowest = window.min(axis=0)
        width = window.max(axis=0) - lowest
        places[lag] = (window[0] - lowest) / width * 100.0
        places[lag][width < shape.minimum_range] = np.nan
    return places


def _smoothed(values: Floats, length: int) -> Floats:
    """Simple moving average along the lags; shorter by `length` - 1."""
    count = len(values) - length + 1
    return total([values[lag : lag + count] for lag in range(length)]) / length


def macd_reading(frame: Frame, unit: Floats, shape: MacdShape) -> Reading:
    """Line against signal, fresh crosses, and a bonus while the histogram grows.

    The value is the histogram in ATR, the event the cross.
    """
    histogram = [
        frame.at(frame.macd_histogram, lag) / unit for lag in range(shape.cross_candles + 1)
    ]
    cross = fresh_cross(histogram, shape.full_cross)
    above = (shape.above_signal - NEUTRAL) * signed_unit(histogram[0] / shape.full_histogram)
    growth = signed_unit((histogram[0] - histogram[1]) / shape.full_growth)
    return Reading(
        value=histogram[0],
        distance=lifted(above, shape.fresh_cross, cross) + shape.momentum_bonus * growth,
        event=cross,
    )


def bollinger_reading(
    frame: Frame, unit: Floats, backdrop: Floats, periods: Periods, shape: BollingerShape
) -> Reading:
    """A touched band is a pullback with the larger trend; a squeeze waits for the trend's side.

    The value is price's place between the bands (0 lower, 100 upper), the event the squeeze in
    [0, 1]. Squeeze after J. Carter: Bollinger bands inside the Keltner channel.
    """
    closes = frame.lags(frame.close, periods.bollinger)
    middle = total(closes) / periods.bollinger
    variance = total([(close - middle) ** 2 for close in closes]) / periods.bollinger
    half_width = shape.deviations * np.sqrt(variance)
    place = (closes[0] - middle) / half_width
    low = ramp(place, -shape.touch_from, -1.0) * _band(backdrop, shape)
    high = ramp(place, shape.touch_from, 1.0) * _band(-backdrop, shape)
    squeeze = ramp(half_width / (shape.keltner_atrs * unit), 1.0, shape.full_squeeze)
    waiting = by_trend(
        backdrop,
        down=2.0 * NEUTRAL - shape.squeeze_in_uptrend,
        flat=NEUTRAL,
        up=shape.squeeze_in_uptrend,
    )
    return Reading(
        value=50.0 + 50.0 * place,
        distance=(1.0 - squeeze) * (low - high) + squeeze * waiting,
        event=squeeze,
    )


def _band(backdrop: Floats, shape: BollingerShape) -> Floats:
    return by_trend(
        backdrop,
        down=shape.lower_band_in_downtrend,
        flat=shape.lower_band_without_trend,
        up=shape.lower_band_in_uptrend,
    )
