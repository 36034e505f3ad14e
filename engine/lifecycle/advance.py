"""The rules of a signal's life, applied to one 1-minute candle at a time.

The order of prices inside a candle is unknown, so each rule takes the reading that is worse for the
trade. In the candle of the entry the stop counts and targets do not. Later the stop comes before
any target, at the open where the candle opened beyond it. Targets fill at the open where it was
better. A stop that a target has just moved counts in the same candle where its close proves a
touch, or where the candle opened on the good side and came back to it; only an open on the bad side
explains the touch innocently. The trailing stop moves at a candle's close, for the next one.
"""

from dataclasses import replace
from decimal import Decimal

from domain.candles import Candle
from domain.errors import InvalidDataError, StaleDataError
from domain.plans import TradePlan
from domain.signals import Course, Signal, SignalState, Step
from domain.timeframes import Timeframe, to_ms
from engine.lifecycle.passage import Passage, gain_at, price_at
from engine.lifecycle.walk import Walk
from risk.rounding import rounded_against

_TARGET_STATES = (SignalState.TP1, SignalState.TP2, SignalState.TP3)
_TARGETS_TAKEN = {SignalState.TRIGGERED: 0, SignalState.TP1: 1, SignalState.TP2: 2}
_STOPPED_AS = {
    SignalState.TRIGGERED: SignalState.STOPPED,
    SignalState.TP1: SignalState.BREAKEVEN,
    SignalState.TP2: SignalState.TRAILED,
}


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
    walk = _through_candle(signal, course, candle)
    return walk.course, walk.steps


def _through_candle(signal: Signal, course: Course, candle: Candle) -> Walk:
    passage = Passage.of(candle, signal.plan)
    course = replace(course, cursor=candle.index)
    walk = Walk(signal=signal, candle=candle, passage=passage, course=course)
    if course.state is SignalState.PUBLISHED:
        return _wait_for_entry(walk)
    for rule in (_stop_out, _take_targets, _close_after_longest_hold, _trail):
        if walk.course.state.is_open:
            walk = rule(walk)
    return walk


def _wait_for_entry(walk: Walk) -> Walk:
    signal, passage = walk.signal, walk.passage
    tolerance = signal.instrument.tick * walk.signal.rules.entry_tolerance_ticks
    is_in_time = walk.candle.closed_at <= signal.valid_until
    if is_in_time and passage.worst - tolerance <= 0 <= passage.best + tolerance:
        walk = walk.enter()
        is_stopped = passage.worst <= walk.stop_gain
        return walk.leave(SignalState.STOPPED, walk.stop_gain) if is_stopped else walk
    return walk.expire() if walk.candle.closed_at >= signal.valid_until else walk


def _stop_out(walk: Walk) -> Walk:
    if walk.passage.worst > walk.stop_gain:
        return walk
    return walk.leave(_STOPPED_AS[walk.course.state], min(walk.stop_gain, walk.passage.open))


def _take_targets(walk: Walk) -> Walk:
    plan = walk.signal.plan
    first = _TARGETS_TAKEN[walk.course.state]
    for state, target in list(zip(_TARGET_STATES, plan.targets, strict=True))[first:]:
        gain = gain_at(plan, target.price)
        if walk.passage.best < gain:
            return walk
        filled = max(gain, walk.passage.open)
        if state is SignalState.TP3:
            return walk.leave(state, filled)
        walk = walk.move_stop(_next_stop(plan, state)).close(state, filled, target.fraction)
        if _comes_back_to_stop(walk):
            return walk.leave(_STOPPED_AS[state], walk.stop_gain)
    return walk


def _next_stop(plan: TradePlan, state: SignalState) -> Decimal:
    return plan.break_even if state is SignalState.TP1 else plan.targets[0].price


def _comes_back_to_stop(walk: Walk) -> bool:
    passage, stop = walk.passage, walk.stop_gain
    return passage.close <= stop or passage.worst <= stop < passage.open


def _close_after_longest_hold(walk: Walk) -> Walk:
    triggered_at = walk.course.triggered_at
    if (
        triggered_at is None
        or walk.candle.closed_at < triggered_at + walk.signal.rules.maximum_hold
    ):
        return walk
    return walk.leave(SignalState.MAX_HOLD, walk.passage.close)


def _trail(walk: Walk) -> Walk:
    if walk.course.state is not SignalState.TP2:
        return walk
    signal, plan, course = walk.signal, walk.signal.plan, walk.course
    best = walk.passage.best
    if course.extreme is not None:
        best = max(best, gain_at(plan, course.extreme))
    walk = replace(walk, course=replace(course, extreme=price_at(plan, best)))
    stop = price_at(plan, best - plan.atr)
    return walk.move_stop(rounded_against(signal.instrument, plan.direction, stop))
