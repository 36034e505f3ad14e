"""The ten indicators and six patterns of a frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.technical.frame import Frame
from layers.technical.levels import Zones, level_reading, zones_of
from layers.technical.multi_timeframe import OtherTimeframes
from layers.technical.oscillators import (
    bollinger_reading,
    macd_reading,
    rsi_reading,
    stochastic_reading,
)
from layers.technical.parameters import TechnicalParameters
from layers.technical.patterns import confidences
from layers.technical.reading import Reading
from layers.technical.shapes import Floats
from layers.technical.sides import both_sides
from layers.technical.trend import larger_trend, main_trend, structure_reading
from layers.technical.volume import obv_reading, volume_ratio, volume_reading
from layers.technical.vwap import day_vwap, vwap_reading


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Common:
    """What several indicators look at; (rows, pairs), but `vwap`, which is a column of the frame.

    `unit` is the ATR that distances are measured in, `trend` and `backdrop` lie in [-1, 1] and are
    NaN where unknown, `ratio` is volume over its average.
    """

    unit: Floats
    trend: Floats
    backdrop: Floats
    ratio: Floats
    vwap: Floats
    zones: Zones


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Indicators:
    """What the 15m candles say: readings in their fixed order, and patterns either way."""

    readings: Sequence[Reading]
    rising: Floats
    falling: Floats


def price_unit(frame: Frame, parameters: TechnicalParameters) -> Floats:
    """ATR as the unit of distances; NaN in a market too dead for any."""
    atr = frame.at(frame.atr)
    smallest = parameters.minimum_atr_percent / 100.0 * frame.at(frame.close)
    return np.where(atr > smallest, atr, np.nan)


def common_of(frame: Frame, unit: Floats, parameters: TechnicalParameters) -> Common:
    """Compute what the indicators share, once."""
    return Common(
        unit=unit,
        trend=main_trend(frame, unit, parameters.trend),
        backdrop=larger_trend(frame, unit, parameters.trend),
        ratio=volume_ratio(frame, parameters.periods),
        vwap=day_vwap(frame),
        zones=zones_of(frame, unit, parameters.levels),
    )


def indicators_of(
    frame: Frame, common: Common, others: OtherTimeframes, parameters: TechnicalParameters
) -> Indicators:
    """Compute all readings of a frame, each of shape (rows, pairs)."""
    sides = both_sides(
        frame,
        vwap=common.vwap,
        levels=common.zones.levels,
        trend=or_neutral(common.trend),
        hour_trend=or_neutral(others.hour),
        unit=common.unit,
        volume_ratio=common.ratio,
    )
    rising, falling = confidences(sides, parameters.patterns)
    patterns = _pattern_reading(rising, falling, common.unit)
    readings = (*_readings(frame, common, parameters), patterns)
    return Indicators(readings=readings, rising=rising, falling=falling)


def or_neutral(values: Floats) -> Floats:
    """0 where unknown: a trend that is not known says nothing."""
    return np.where(np.isnan(values), 0.0, values)


def _readings(frame: Frame, common: Common, parameters: TechnicalParameters) -> tuple[Reading, ...]:
    """All but the patterns."""
    close, unit, backdrop = frame.at(frame.close), common.unit, common.backdrop
    periods = parameters.periods
    return (
        rsi_reading(frame, backdrop, periods, parameters.rsi),
        structure_reading(frame, common.trend, unit, parameters.trend),
        vwap_reading(close, frame.at(common.vwap), unit, backdrop, parameters.vwap),
        macd_reading(frame, unit, parameters.macd),
        bollinger_reading(frame, unit, backdrop, periods, parameters.bollinger),
        obv_reading(frame, unit, periods, parameters.obv),
        stochastic_reading(frame, periods, parameters.stochrsi),
        volume_reading(frame, common.ratio, unit, parameters.volume),
        level_reading(close, common.zones, backdrop, parameters.levels),
    )


def _pattern_reading(rising: Floats, falling: Floats, unit: Floats) -> Reading:
    """The surest rising pattern against the surest falling one; unknown in a dead market."""
    net = rising.max(axis=0) - falling.max(axis=0)
    known = np.where(np.isnan(unit), np.nan, net)
    return Reading(value=known, distance=known / 2.0, event=known / 100.0)
