"""A provider's own counts of mentions: a second opinion where our texts are few."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.sentiment import SocialVolume
from layers.sentiment.tracking.known_facts import KnownFacts
from layers.sentiment.tracking.parameters import TalkTracking, Timeliness, milliseconds
from layers.sentiment.tracking.quarters import (
    HOUR,
    WEEK,
    QuarterRows,
    last_whole_quarter,
    quarter_of,
)

_HOURS_A_DAY = 24.0


class VolumeReading(NamedTuple):
    """Mentions an hour, the mean of an hour over the week, hours known, tone, and when told."""

    hourly: float
    usual: float | None
    hours_known: int
    tone: float | None
    told_ms: int


class _Week(NamedTuple):
    """What is common to all coins as of an instant; a row per coin."""

    as_of_ms: int
    mean: NDArray[np.float64]
    hours: NDArray[np.int64]


class VolumeHistory:
    """Counts of 24 hours, as they were told, by coin."""

    def __init__(self, shape: TalkTracking, timeliness: Timeliness) -> None:
        self._least_hours = shape.least_hours
        self._most_coins = shape.most_coins
        self._good_ms = milliseconds(shape.volume_age)
        self._kept_ms = self._good_ms + milliseconds(timeliness.lateness)
        self._quarters = QuarterRows(shape.most_coins)
        self._counts: dict[str, KnownFacts[float]] = {}
        self._tones: dict[str, KnownFacts[float]] = {}
        self._week: _Week | None = None

    def observe(self, volume: SocialVolume, known_ms: int) -> bool:
        """Take in a count; False where it makes no sense or there are too many coins."""
        is_full = volume.asset not in self._counts and len(self._counts) >= self._most_coins
        tone = volume.tone
        if volume.mentions < 0 or is_full or (tone is not None and not -1.0 <= tone <= 1.0):
            return False
        hourly = volume.mentions / _HOURS_A_DAY
        self._facts(self._counts, volume.asset).add(known_ms, known_ms, hourly)
        if tone is not None:
            self._facts(self._tones, volume.asset).add(known_ms, known_ms, tone)
        first = quarter_of(known_ms)
        for quarter in range(first, first + HOUR):
            self._quarters.put(volume.asset, quarter, hourly)
        self._week = None
        return True

    def reading(self, asset: str, as_of_ms: int) -> VolumeReading | None:
        """What is told of a coin; None when nobody does, or too long ago."""
        count = self._good(self._counts, asset, as_of_ms)
        if count is None:
            return None
        tone = self._good(self._tones, asset, as_of_ms)
        usual, hours = self._usual(asset, as_of_ms)
        return VolumeReading(count[1], usual, hours, None if tone is None else tone[1], count[0])

    def _usual(self, asset: str, as_of_ms: int) -> tuple[float | None, int]:
        row = self._quarters.row_of(asset)
        if row is None:
            return None, 0
        if self._week is None or self._week.as_of_ms != as_of_ms:
            self._week = self._read_week(as_of_ms)
        hours = int(self._week.hours[row])
        is_known = hours >= self._least_hours
        return (float(self._week.mean[row]) if is_known else None), hours

    def _read_week(self, as_of_ms: int) -> _Week:
        """Means over the quarters in which something was told."""
        last = last_whole_quarter(as_of_ms)
        told = self._quarters.between(last - WEEK + 1, last - HOUR)
        quarters = np.count_nonzero(told, axis=1)
        mean = told.sum(axis=1, dtype=np.float64) / np.maximum(quarters, 1)
        return _Week(as_of_ms, mean, quarters // HOUR)

    def _facts(self, kept: dict[str, KnownFacts[float]], asset: str) -> KnownFacts[float]:
        return kept.setdefault(asset, KnownFacts[float](self._kept_ms))

    def _good(
        self, kept: dict[str, KnownFacts[float]], asset: str, as_of_ms: int
    ) -> tuple[int, float] | None:
        newest = kept[asset].newest(as_of_ms, as_of_ms) if asset in kept else None
        return newest if newest and newest[0] >= as_of_ms - self._good_ms else None
