"""Follows a signal candle by candle: each once, in order, none left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.candles import Candle
from domain.errors import InvalidDataError, StaleDataError
from domain.signals import Course, Signal, SignalState, Step
from domain.timeframes import Timeframe, from_ms, to_ms
from engine.lifecycle.quiet import is_quiet, quiet_range
from engine.lifecycle.rules import through_candle


def start_course(signal: Signal) -> Course:
    """The course of a signal at its publication."""
    return Course(state=SignalState.PUBLISHED, stop=signal.plan.stop)


def next_candle_index(signal: Signal, course: Course, timeframe: Timeframe = Timeframe.M1) -> int:
    """Number of the candle that `advance` needs next, 1-minute candles unless told otherwise.

    The first is the first one that opens at or after publication: of an earlier one, a part lies
    before anybody could know the signal. Of coarser candles it is the first one that opens at or
    after the close decided on: mostly at that close, since all of the entry window would be over
    before the next one ends. An hour that contains the close began before the decision.
    """
    if course.cursor is not None:
        return course.cursor + 1
    known_at = signal.published_at if timeframe is Timeframe.M1 else signal.decision.as_of
    return timeframe.index_of(to_ms(known_at) - 1) + 1


def followed_until(signal: Signal, course: Course) -> datetime:
    """Up to when a signal was followed: where the 1-minute candle opens that is needed next."""
    return from_ms(next_candle_index(signal, course) * Timeframe.M1.milliseconds)


def advance(
    signal: Signal, course: Course, candle: Candle, timeframe: Timeframe = Timeframe.M1
) -> tuple[Course, tuple[Step, ...]]:
    """Follow a signal through its next closed candle of the timeframe that it is followed on.

    Returns the new course and what happened, in order; store both together, since a step's own
    course is one on the way. A candle followed already, and any candle after the end, changes
    nothing. Raises `StaleDataError` when a candle was left out, `InvalidDataError` for another
    timeframe.
    """
    if candle.timeframe is not timeframe:
        raise InvalidDataError(
            f"signal #{signal.id} is followed on {timeframe}, not {candle.timeframe}"
        )
    expected = next_candle_index(signal, course, timeframe)
    if course.state.is_final or candle.index < expected:
        return course, ()
    if candle.index > expected:
        raise StaleDataError(
            f"signal #{signal.id} ({signal.plan.symbol}) needs {timeframe} candle {expected} next, "
            f"got {candle.index}: fetch the {candle.index - expected} between"
        )
    if is_quiet(signal, course, candle):
        return replace(course, cursor=candle.index), ()
    walk = through_candle(signal, course, candle)
    return walk.course, walk.steps


def count_quiet(
    signal: Signal, course: Course, candles: Sequence[Candle], timeframe: Timeframe
) -> int:
    """How many of these candles, from the first one on, `advance` would find nothing in.

    0 as well where the first one is not the one that comes next.
    """
    quiet = quiet_range(signal, course, timeframe)
    if quiet is None:
        return 0
    expected = next_candle_index(signal, course, timeframe)
    for count, candle in enumerate(candles):
        is_next = candle.index == expected + count and candle.timeframe is timeframe
        if not (is_next and quiet.holds(candle)):
            return count
    return len(candles)
