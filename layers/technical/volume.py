"""Volume against its average, and the slope of on-balance volume against price."""

import numpy as np

from domain.directions import NEUTRAL
from layers.technical.frame import Frame
from layers.technical.indicator_parameters import ObvShape, Periods, VolumeShape
from layers.technical.reading import Reading
from layers.technical.shapes import Floats, ramp, signed_unit, total


def volume_ratio(frame: Frame, periods: Periods) -> Floats:
    """Volume over its simple average, the newest candle included; NaN without any volume."""
    return frame.at(frame.volume) / (
        total(frame.lags(frame.volume, periods.volume)) / periods.volume
    )


def volume_reading(frame: Frame, ratio: Floats, unit: Floats, shape: VolumeShape) -> Reading:
    """Participation counts in the direction of the candle; without it nothing is said.

    The value is the volume ratio, the event the candle's direction in [-1, 1].
    """
    body = frame.at(frame.close) - frame.at(frame.open)
    direction = signed_unit(body / (shape.full_body * unit))
    average, spike = shape.average_rising - NEUTRAL, shape.spike_rising - NEUTRAL
    strength = (
        average * ramp(ratio, shape.quiet, 1.0)
        + (spike - average) * ramp(ratio, 1.0, shape.spike)
        + (shape.surge_rising - NEUTRAL - spike) * ramp(ratio, shape.spike, shape.surge)
    )
    return Reading(value=ratio, distance=strength * direction, event=direction)


def obv_reading(frame: Frame, unit: Floats, periods: Periods, shape: ObvShape) -> Reading:
    """Slope of OBV: inflow confirms, inflow against a falling price diverges.

    Only the change of OBV over the period is used, so that it does not matter where OBV began. The
    value is that change in percent of all volume, the event the divergence.
    """
    closes = frame.lags(frame.close, periods.obv + 1)
    volumes = frame.lags(frame.volume, periods.obv)
    net = total(np.sign(closes[:-1] - closes[1:]) * volumes)
    flow = net / total(volumes)
    inflow = signed_unit(flow / shape.full_flow)
    move = signed_unit((closes[0] - closes[-1]) / (shape.full_move * unit))
    bullish = np.maximum(np.minimum(inflow, -move), 0.0)
    bearish = np.maximum(np.minimum(-inflow, move), 0.0)
    divergence = bullish - bearish
    confirming = shape.confirmation - NEUTRAL
    return Reading(
        value=flow * 100.0,
        distance=confirming * inflow + (shape.divergence - NEUTRAL - confirming) * divergence,
        event=divergence,
    )
