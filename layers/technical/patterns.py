"""The six patterns, each in its bullish form: how surely it is there, 0 to 100."""

from collections.abc import Callable
from typing import Final

import numpy as np

from layers.technical.levels import nearest_above, nearest_below
from layers.technical.pattern_parameters import (
    BreakoutShape,
    EmaBounceShape,
    FairValueGapShape,
    IgnitionShape,
    LiquidityGrabShape,
    PatternShape,
    VwapReclaimShape,
)
from layers.technical.shapes import Floats, fresh_cross, ramp, unit_interval
from layers.technical.sides import Sides, apart


def breakout(sides: Sides, shape: BreakoutShape) -> Floats:
    """Price closes above the resistance that was over the previous close, with volume."""
    at = sides.frame.at
    level = nearest_above(sides.levels, at(sides.close, 1))
    margin = ramp((at(sides.close) - level) / sides.unit, 0.0, shape.full_margin)
    volume = ramp(sides.volume_ratio, shape.volume_from, shape.volume_full)
    confirmed = unit_interval(sides.hour_trend)
    return margin * volume * (shape.confidence + (100.0 - shape.confidence) * confirmed)


def liquidity_grab(sides: Sides, shape: LiquidityGrabShape) -> Floats:
    """A wick takes the lows under support and the body closes back above: a reversal."""
    at = sides.frame.at
    low = at(sides.low)
    body_low = np.minimum(at(sides.open), at(sides.close))
    level = nearest_below(sides.levels, body_low)
    pierce = ramp((level - low) / sides.unit, 0.0, shape.full_pierce)
    wick = (body_low - low) / (at(sides.high) - low)
    rejection = ramp(wick, shape.wick_from, shape.wick_full)
    volume = ramp(sides.volume_ratio, shape.volume_from, shape.volume_full)
    return pierce * rejection * (shape.confidence + (100.0 - shape.confidence) * volume)


def fair_value_gap(sides: Sides, shape: FairValueGapShape) -> Floats:
    """Price returns for the first time into a rising gap, and holds above its far edge.

    The gap lies between the high of a candle and the low of the one two after it.
    """
    at, lags = sides.frame.at, sides.frame.lags
    lows = lags(sides.low, shape.lookback + 1)[1:]
    bottom = lags(sides.high, shape.lookback + 3)[3:]
    size = lows - bottom
    lowest_since = np.minimum.accumulate(lows, axis=0)
    is_first_return = np.ones(lows.shape, dtype=np.bool_)
    is_first_return[1:] = lowest_since[:-1] >= lows[1:]
    is_open = is_first_return & (size > 0.0)
    depth = (lows - at(sides.low)) / size
    quality = (
        ramp(size / sides.unit, shape.size_from, shape.size_full)
        * unit_interval(depth / shape.full_depth)
        * ramp((at(sides.close) - bottom) / sides.unit, 0.0, shape.full_hold)
    )
    best: Floats = np.where(is_open, quality, 0.0).max(axis=0)
    body = (at(sides.close) - at(sides.open)) / sides.unit
    reaction = ramp(body, 0.0, shape.full_body)
    return best * (shape.confidence + (100.0 - shape.confidence) * reaction)


def ema_bounce(sides: Sides, shape: EmaBounceShape) -> Floats:
    """In a trend the wick touches EMA 21 and the body stays above it."""
    at = sides.frame.at
    average, unit = at(sides.ema), sides.unit
    touch = ramp((at(sides.low) - average) / unit, shape.touch_tolerance, 0.0)
    body_low = np.minimum(at(sides.open), at(sides.close))
    hold = ramp((body_low - average) / unit, 0.0, shape.full_hold)
    in_trend = ramp(sides.trend, 0.0, shape.full_trend)
    growth = ramp(at(sides.volume) / at(sides.volume, 1), 1.0, shape.volume_growth)
    confidence = (
        shape.confidence
        + shape.hour_bonus * unit_interval(sides.hour_trend)
        + shape.volume_bonus * np.where(np.isnan(growth), 0.0, growth)
    )
    return touch * hold * in_trend * np.minimum(confidence, 100.0)


def vwap_reclaim(sides: Sides, shape: VwapReclaimShape) -> Floats:
    """Price was below VWAP a few candles ago and closes back above it with volume."""
    at = sides.frame.at
    gaps = [at(sides.close, lag) - at(sides.vwap, lag) for lag in range(shape.dip_candles + 1)]
    reclaim = np.maximum(fresh_cross(gaps, shape.full_cross * sides.unit), 0.0)
    volume = ramp(sides.volume_ratio, shape.volume_from, shape.volume_full)
    return reclaim * volume * shape.confidence


def momentum_ignition(sides: Sides, shape: IgnitionShape) -> Floats:
    """Rising candles in a row, each with a higher high, a higher low and more volume."""
    frame, count = sides.frame, shape.run_length
    closes, opens = frame.lags(sides.close, count), frame.lags(sides.open, count)
    is_run = (closes > opens).all(axis=0)
    for column in (sides.high, sides.low, sides.volume):
        values = frame.lags(column, count)
        is_run &= (values[:-1] > values[1:]).all(axis=0)
    move = (closes[0] - opens[-1]) / sides.unit
    size = ramp(move, shape.size_from, shape.size_full)
    return is_run * (shape.confidence + (100.0 - shape.confidence) * size)


PATTERN_NAMES: Final = (
    "breakout",
    "liquidity_grab",
    "fair_value_gap",
    "ema_bounce",
    "vwap_reclaim",
    "momentum_ignition",
)
"""The six patterns, in the order of every array and every list of evidence."""

_DETECTORS: Final[dict[str, Callable[..., Floats]]] = {
    "breakout": breakout,
    "liquidity_grab": liquidity_grab,
    "fair_value_gap": fair_value_gap,
    "ema_bounce": ema_bounce,
    "vwap_reclaim": vwap_reclaim,
    "momentum_ignition": momentum_ignition,
}


def confidences(sides: Sides, shape: PatternShape) -> tuple[Floats, Floats]:
    """Confidence of each pattern in its bullish and its bearish form; 0 where unknown.

    Both of shape (6, rows, pairs).
    """
    found = np.array([_DETECTORS[name](sides, getattr(shape, name)) for name in PATTERN_NAMES])
    return apart(np.where(np.isnan(found), 0.0, found))
