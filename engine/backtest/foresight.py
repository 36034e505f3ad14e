"""When a live signal has to be looked at next: its first candle in which anything may happen.

The rules of a signal's life are not here: a candle that turns out to be harmless only costs time.
What must never be passed over is a candle that the follower would not call quiet
(`engine.lifecycle.quiet`), and one in which the entry may be met.
"""

from typing import Any

import numpy as np

from domain.candles import HIGH, LOW, CandleSeries
from domain.directions import Direction
from domain.signals import Course, FollowedSignal, Signal, SignalState
from domain.timeframes import Timeframe, to_ms
from engine.lifecycle import next_candle_index
from engine.lifecycle.deadlines import give_up_at, natural_end
from engine.lifecycle.rules import TARGETS_TAKEN

Mask = np.ndarray[Any, np.dtype[np.bool_]]

_SPARE_TICKS = 1
"""Beyond the tolerance of an entry, so that no rounding of prices matters."""


def next_event_ms(followed: FollowedSignal, series: CandleSeries) -> int:
    """Close of the first candle not followed yet that may change more than how far it was followed.

    Where the candles are over before anything happens: the minute in which the signal is given up.
    """
    signal, course = followed.signal, followed.course
    length = series.timeframe.milliseconds
    first = next_candle_index(signal, course, series.timeframe)
    # The candle that is over at the natural end is looked at whatever it brings.
    last = max(first, -(-to_ms(natural_end(signal, course)) // length) - 1)
    begin = max(first - series.first_index, 0)
    columns = np.asarray(series.columns)[:, begin : last + 1 - series.first_index]
    found = np.flatnonzero(_may_matter(signal, course, columns[LOW], columns[HIGH]))
    if len(found):
        return (series.first_index + begin + int(found[0]) + 1) * length
    if last <= series.last_index:
        return (last + 1) * length
    minute = Timeframe.M1.milliseconds
    return -(-to_ms(give_up_at(signal, course)) // minute) * minute


def _may_matter(signal: Signal, course: Course, low: Any, high: Any) -> Mask:
    plan = signal.plan
    if course.state is SignalState.PUBLISHED:
        ticks = signal.rules.entry_tolerance_ticks + _SPARE_TICKS
        entry, spare = float(plan.entry), float(signal.instrument.tick * ticks)
        met: Mask = (low <= entry + spare) & (high >= entry - spare)
        return met
    stop, target = float(course.stop), float(plan.targets[TARGETS_TAKEN[course.state]].price)
    best = target if course.extreme is None else float(course.extreme)
    is_hit: Mask
    if plan.direction is Direction.LONG:
        is_hit = (low <= stop) | (high >= min(target, best))
    else:
        is_hit = (high >= stop) | (low <= max(target, best))
    return is_hit
