"""Trend as the order of moving averages, and the EMA structure indicator."""

from collections.abc import Sequence
from itertools import pairwise

from domain.directions import NEUTRAL
from domain.timeframes import Timeframe
from layers.technical.frame import Frame
from layers.technical.indicator_parameters import TrendShape
from layers.technical.reading import Reading
from layers.technical.shapes import Floats, fresh_cross, lifted, signed_unit, total


def stack_trend(averages: Sequence[Floats], full_gap: Floats) -> Floats:
    """Trend in [-1, 1] of averages from fast to slow: 1 when all stand in rising order.

    Each neighbouring pair counts alike, in full when `full_gap` (in price) apart.
    """
    steps = [signed_unit((fast - slow) / full_gap) for fast, slow in pairwise(averages)]
    return total(steps) / len(steps)


def scaled_to(timeframe: Timeframe, unit: Floats) -> Floats:
    """The 15m unit of distance scaled to another candle length, as a random walk scales."""
    ratio: float = (timeframe.milliseconds / Timeframe.M15.milliseconds) ** 0.5
    return unit * ratio


def main_trend(frame: Frame, unit: Floats, shape: TrendShape) -> Floats:
    """Trend of the 15m candles over all four averages."""
    columns = (frame.ema_fast, frame.ema_medium, frame.ema_slow, frame.ema_trend)
    return stack_trend([frame.at(column) for column in columns], shape.full_gap * unit)


def larger_trend(frame: Frame, unit: Floats, shape: TrendShape) -> Floats:
    """The backdrop in [-1, 1] of pullbacks: slow against slowest average.

    The fast averages turn with the very pullback that is to be judged.
    """
    gap = frame.at(frame.ema_slow) - frame.at(frame.ema_trend)
    return signed_unit(gap / (shape.backdrop_gap * unit))


def structure_reading(frame: Frame, trend: Floats, unit: Floats, shape: TrendShape) -> Reading:
    """EMA stack and the fresh cross of its fastest averages.

    The value is the trend in [-1, 1], the event the cross.
    """
    gaps = [
        frame.at(frame.ema_fast, lag) - frame.at(frame.ema_medium, lag)
        for lag in range(shape.cross_candles + 1)
    ]
    cross = fresh_cross(gaps, shape.full_cross * unit)
    stack = (shape.perfect_stack - NEUTRAL) * trend
    return Reading(value=trend, distance=lifted(stack, shape.fresh_cross, cross), event=cross)
