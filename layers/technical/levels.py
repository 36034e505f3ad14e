"""Pivots, and the support and resistance they make."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.technical.frame import Frame
from layers.technical.indicator_parameters import LevelShape
from layers.technical.reading import Reading
from layers.technical.shapes import Floats, by_trend, ramp
from layers.technical.sides import apart, beside

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def pivot_prices(frame: Frame, shape: LevelShape) -> Floats:
    """Prices of all confirmed pivots in the lookback, shape (most possible, rows, pairs).

    A pivot is a high above (a low below) the `wing` candles on each side, all of them closed; of
    equals that lie close together the first counts. Unused places are NaN.
    """
    highs, lows = apart(_latest_peaks(frame, beside(frame.high, -frame.low), shape))
    return np.concatenate((highs, -lows))


def _latest_peaks(frame: Frame, high: Floats, shape: LevelShape) -> Floats:
    """Confirmed local highs that each row knows, newest first."""
    wing = shape.wing
    peaks = _peaks(high, wing)
    known = np.cumsum(peaks, axis=0)
    # A row knows the peaks whose right wing has closed: `wing` candles before it at the latest.
    count = known[len(known) - wing - frame.rows : len(known) - wing]
    pair, position = np.nonzero(peaks.T)
    most = -(-shape.lookback // (wing + 1))
    if not len(position):
        return np.full((most, *count.shape), np.nan)
    first = np.searchsorted(pair, np.arange(peaks.shape[1]))
    ordinal = count - 1 - np.arange(most)[:, None, None]
    found = np.minimum(first + np.maximum(ordinal, 0), len(position) - 1)
    row = np.arange(len(high) - frame.rows, len(high))[:, None]
    is_known = (ordinal >= 0) & (row - position[found] < shape.lookback)
    return np.where(is_known, high[position, pair][found], np.nan)


def _peaks(high: Floats, wing: int) -> Mask:
    """Local highs, shape of the column; the first and last `wing` candles can't be one."""
    inner = high[wing : len(high) - wing]
    is_peak = np.ones(inner.shape, dtype=np.bool_)
    for step in range(1, wing + 1):
        is_peak &= inner > high[wing - step : len(high) - wing - step]
        is_peak &= inner >= high[wing + step : len(high) - wing + step]
    peaks = np.zeros(high.shape, dtype=np.bool_)
    peaks[wing : len(high) - wing] = is_peak
    return peaks


def nearest_above(levels: Floats, price: Floats) -> Floats:
    """The lowest level at or above a price; infinite where there is none."""
    nearest: Floats = np.where(levels >= price, levels, np.inf).min(axis=0)
    return nearest


def nearest_below(levels: Floats, price: Floats) -> Floats:
    """The highest level at or below a price; minus infinite where there is none."""
    nearest: Floats = np.where(levels <= price, levels, -np.inf).max(axis=0)
    return nearest


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Zone:
    """The nearest level on one side: distance in price, touches, and nearness times trust."""

    distance: Floats
    touches: Floats
    strength: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Zones:
    """Levels of shape (levels, rows, pairs), and the nearest on each side of the close."""

    levels: Floats
    support: Zone
    resistance: Zone

    @property
    def is_under_resistance(self) -> Mask:
        """Whether resistance is nearer than support."""
        return self.resistance.distance < self.support.distance

    @property
    def touches(self) -> Floats:
        """Touches of the nearer level."""
        return np.where(self.is_under_resistance, self.resistance.touches, self.support.touches)


def zones_of(frame: Frame, unit: Floats, shape: LevelShape) -> Zones:
    """Find the support and resistance of each row."""
    return zones_around(frame.at(frame.close), pivot_prices(frame, shape), unit, shape)


def zones_around(close: Floats, levels: Floats, unit: Floats, shape: LevelShape) -> Zones:
    """The nearest levels below and above a close."""
    return Zones(
        levels=levels,
        support=zone_at(nearest_below(levels, close), close, levels, unit, shape),
        resistance=zone_at(nearest_above(levels, close), close, levels, unit, shape),
    )


def zone_at(level: Floats, close: Floats, levels: Floats, unit: Floats, shape: LevelShape) -> Zone:
    """How near a level is, and how often price turned there (pivots within the cluster)."""
    distance = np.abs(close - level)
    near = np.minimum(shape.near_percent / 100.0 * close, shape.near_atrs * unit)
    touches = (np.abs(levels - level) <= shape.cluster * unit).sum(axis=0).astype(np.float64)
    trust = shape.single_touch + (1.0 - shape.single_touch) * ramp(
        touches, 1.0, float(shape.full_touches)
    )
    return Zone(
        distance=distance, touches=touches, strength=ramp(distance, 2.0 * near, near) * trust
    )


def level_reading(close: Floats, zones: Zones, backdrop: Floats, shape: LevelShape) -> Reading:
    """Support near in an uptrend is a bounce, resistance near in a downtrend a rejection.

    The value is the distance to the nearer one in percent of price, above support positive, below
    resistance negative, unknown without any level; the event is how much each side counts.
    """
    support, resistance = zones.support, zones.resistance
    nearer = np.where(zones.is_under_resistance, -resistance.distance, support.distance)
    return Reading(
        value=np.where(np.isfinite(nearer), nearer / close * 100.0, np.nan),
        distance=support.strength * _bounce(backdrop, shape)
        - resistance.strength * _bounce(-backdrop, shape),
        event=support.strength - resistance.strength,
    )


def _bounce(backdrop: Floats, shape: LevelShape) -> Floats:
    return by_trend(
        backdrop,
        down=shape.support_in_downtrend,
        flat=shape.support_without_trend,
        up=shape.support_in_uptrend,
    )
