"""What 1h trend, 5m trend and 1m momentum make of the 15m score."""

from dataclasses import dataclass

import numpy as np

from domain.timeframes import Timeframe
from layers.technical.frame import Frame
from layers.technical.parameters import TechnicalParameters
from layers.technical.shapes import Floats, ramp, signed_unit, unit_interval
from layers.technical.timeframe_parameters import TimeframeShape
from layers.technical.trend import scaled_to, stack_trend


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OtherTimeframes:
    """Trend of 1h and 5m and momentum of 1m, each in [-1, 1]; NaN where candles are missing."""

    hour: Floats
    five_minutes: Floats
    minute: Floats


def other_timeframes(
    frame: Frame, unit: Floats, parameters: TechnicalParameters
) -> OtherTimeframes:
    """Read the other timeframes with distances in the 15m unit, scaled to their length."""
    shape, full_gap = parameters.timeframes, parameters.trend.full_gap
    newest, earlier = frame.minute_closes
    reach = scaled_to(Timeframe.M1, unit) * float(shape.momentum_candles) ** 0.5
    return OtherTimeframes(
        hour=stack_trend(tuple(frame.hour_averages), full_gap * scaled_to(Timeframe.H1, unit)),
        five_minutes=stack_trend(
            tuple(frame.five_minute_averages), full_gap * scaled_to(Timeframe.M5, unit)
        ),
        minute=signed_unit((newest - earlier) / (shape.full_momentum * reach)),
    )


def multiplier(side: Floats, others: OtherTimeframes, shape: TimeframeShape) -> Floats:
    """Multiplier of the distance from neutral for a 15m score leaning to `side` (+1, 0, -1).

    Straight lines between the named cases. What is unknown counts as the worst it could be: no 1h
    trend as strong disagreement, no 5m trend or 1m momentum as no agreement.
    """
    agreement = np.where(np.isnan(others.hour), -1.0, side * others.hour)
    by_hour = (
        shape.alone
        + (shape.with_hour - shape.alone) * ramp(agreement, 0.0, shape.clear)
        + (shape.against - shape.alone) * ramp(agreement, 0.0, -shape.clear)
        + (shape.strongly_against - shape.against) * ramp(agreement, -shape.clear, -1.0)
    )
    confirmed = np.minimum(
        np.minimum(_agrees(side * others.hour, shape), _agrees(side * others.five_minutes, shape)),
        _agrees(side * others.minute, shape),
    )
    return by_hour + (shape.all_agree - shape.with_hour) * confirmed


def covered(others: OtherTimeframes, shape: TimeframeShape) -> Floats:
    """Share of the coverage that the other timeframes leave, in [0, 1]."""
    return (
        1.0
        - shape.hour_share * np.isnan(others.hour)
        - shape.five_minute_share * np.isnan(others.five_minutes)
        - shape.minute_share * np.isnan(others.minute)
    )


def _agrees(agreement: Floats, shape: TimeframeShape) -> Floats:
    return unit_interval(np.where(np.isnan(agreement), 0.0, agreement) / shape.clear)
