"""A market and its mirror image, so that every pattern is written once, in its bullish form."""

from dataclasses import dataclass

import numpy as np

from layers.technical.frame import Frame
from layers.technical.shapes import Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sides:
    """Candles, levels and trends of a frame, upright and upside down, side by side.

    The last axis of each array has the pairs as they are and then the same pairs mirrored: prices
    negative, highs and lows exchanged, trends turned. A bullish form found in the second half is
    the bearish form. Only differences of prices mean anything. Columns of the frame have shape
    (time, 2 pairs), `levels` (levels, rows, 2 pairs), the rest (rows, 2 pairs).
    """

    frame: Frame
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    ema: Floats
    vwap: Floats
    levels: Floats
    trend: Floats
    hour_trend: Floats
    unit: Floats
    volume_ratio: Floats


def both_sides(
    frame: Frame,
    *,
    vwap: Floats,
    levels: Floats,
    trend: Floats,
    hour_trend: Floats,
    unit: Floats,
    volume_ratio: Floats,
) -> Sides:
    """Put a frame's mirror image beside it."""
    return Sides(
        frame=frame,
        open=beside(frame.open, -frame.open),
        high=beside(frame.high, -frame.low),
        low=beside(frame.low, -frame.high),
        close=beside(frame.close, -frame.close),
        volume=beside(frame.volume, frame.volume),
        ema=beside(frame.ema_medium, -frame.ema_medium),
        vwap=beside(vwap, -vwap),
        levels=beside(levels, -levels),
        trend=beside(trend, -trend),
        hour_trend=beside(hour_trend, -hour_trend),
        unit=beside(unit, unit),
        volume_ratio=beside(volume_ratio, volume_ratio),
    )


def beside(upright: Floats, mirrored: Floats) -> Floats:
    """Join along the pairs."""
    return np.concatenate((upright, mirrored), axis=-1)


def apart(both: Floats) -> tuple[Floats, Floats]:
    """Upright and mirrored half of what was computed from both sides."""
    pairs = both.shape[-1] // 2
    return both[..., :pairs], both[..., pairs:]
