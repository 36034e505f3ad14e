"""Follows a signal candle by candle: each once, in order, none left out."""

from dataclasses import replace

from domain.candles import Candle
from domain.errors import InvalidDataError, StaleDataError
from domain.signals import Course, Signal, SignalState, Step
from domain.timeframes import Timeframe, to_ms
from engine.lifecycle.quiet import is_quiet
from engine.lifecycle.rules import through_candle


def start_course(signal: Signal) -> Course:
    """The course of a signal at its publication."""
    return Course(state=SignalState.PUBLISHED, stop=signal.plan.stop)


def next_candle_index(signal: Signal, course: Course) -> int:
    """Number of the 1-minute candle that `advance` needs next.

    The first is the first one that opens at or after publication: of an earlier one, a part lies
    before anybody could know the signal.
    """
    if course.cursor is not None:
        return course.cursor + 1
    return Timeframe.M1.index_of(to_ms(signal.published_at) - 1) + 1


def advance(signal: Signal, course: Course, candle: Candle) -> tuple[Course, tuple[Step, ...]]:
    """Follow a signal through its next closed 1-minute candle.

    Returns the new course and what happened, in order; store both together, since a step's own
    course is one on the way. A candle followed already, and any candle after the end, changes
    nothing. Raises `StaleDataError` when a candle was left out, `InvalidDataError` for another
    timeframe.
    """
    if candle.timeframe is not Timeframe.M1:
        raise InvalidDataError(f"signal #{signal.id} is followed on 1m, not {candle.timeframe}")
    expected = next_candle_index(signal, course)
    if course.state.is_final or candle.index < expected:
        return course, ()
    if candle.index > expected:
        raise StaleDataError(
            f"signal #{signal.id} ({signal.plan.symbol}) needs 1m candle {expected} next, "
            f"got {candle.index}: fetch the {candle.index - expected} between"
        )
    if is_quiet(signal, course, candle):
        return replace(course, cursor=candle.index), ()
    walk = through_candle(signal, course, candle)
    return walk.course, walk.steps
