"""The rules of a signal's life in one candle, of 1 minute unless there are none.

The order of prices inside a candle is unknown, so each rule takes the reading that is worse for the
trade. In the candle of the entry the stop counts wherever it was touched, a target only where the
close proves that it came after the entry. Later the stop comes before any target, at the open where
the candle opened beyond it. Targets fill at the open where it was better. A stop that a target has
just moved counts in the same candle where its close proves a touch, or where the candle opened on
the good side and came back to it; only an open on the bad side explains the touch innocently. The
trailing stop moves at a candle's close, for the next one.

A candle in which nothing was traded, as in a halt, repeats the last price: nobody can have entered
or left at it. It only lets time pass, and what was due meanwhile happens at the first open after.

Coarser candles, which only a backtest without 1-minute ones follows, obey the same rules but one.
The first of them mostly opens at the very close decided on, before a reader could act. So that its
open alone meets no entry, price has to trade through the entry against the trade: a buyer at the
entry is only certain to have bought where somebody sold for less.
"""

from dataclasses import replace
from decimal import Decimal

from domain.candles import Candle
from domain.plans import TradePlan
from domain.signals import Course, Signal, SignalState
from domain.timeframes import Timeframe
from engine.lifecycle.abandon import abandon
from engine.lifecycle.deadlines import give_up_at, natural_end
from engine.lifecycle.passage import Passage, gain_at, is_traded, price_at
from engine.lifecycle.walk import Walk
from risk.rounding import rounded_against

_TARGET_STATES = (SignalState.TP1, SignalState.TP2, SignalState.TP3)
TARGETS_TAKEN = {SignalState.TRIGGERED: 0, SignalState.TP1: 1, SignalState.TP2: 2}
"""How many targets an open trade has behind it."""

_STOPPED_AS = {
    SignalState.TRIGGERED: SignalState.STOPPED,
    SignalState.TP1: SignalState.BREAKEVEN,
    SignalState.TP2: SignalState.TRAILED,
}


def through_candle(signal: Signal, course: Course, candle: Candle) -> Walk:
    """A live signal's walk through the candle that comes next."""
    passage = Passage.of(candle, signal.plan)
    course = replace(course, cursor=candle.index)
    walk = Walk(signal=signal, candle=candle, passage=passage, course=course)
    if not is_traded(candle):
        return _let_time_pass(walk)
    if course.state is SignalState.PUBLISHED:
        return _wait_for_entry(walk)
    for rule in (_leave_if_overdue, _stop_out, _take_targets, _close_after_longest_hold, _trail):
        if walk.course.state.is_open:
            walk = rule(walk)
    return walk


def _let_time_pass(walk: Walk) -> Walk:
    if walk.course.state is SignalState.PUBLISHED:
        return _expire_if_over(walk)
    if walk.candle.closed_at < give_up_at(walk.signal, walk.course):
        return walk
    course, step = abandon(walk.signal, walk.course)
    return replace(walk, course=course, steps=(*walk.steps, step))


def _wait_for_entry(walk: Walk) -> Walk:
    if walk.candle.closed_at <= walk.signal.valid_until and _is_entry_met(walk):
        return _go_on_from_entry(walk.enter())
    return _expire_if_over(walk)


def _is_entry_met(walk: Walk) -> bool:
    signal, passage = walk.signal, walk.passage
    tolerance = signal.instrument.tick * signal.rules.entry_tolerance_ticks
    is_traded_through = passage.worst - tolerance <= 0
    if walk.candle.timeframe is not Timeframe.M1:
        is_traded_through = passage.worst < 0
    return is_traded_through and passage.best + tolerance >= 0


def _go_on_from_entry(walk: Walk) -> Walk:
    if walk.passage.worst <= walk.stop_gain:
        return walk.leave(SignalState.STOPPED, walk.stop_gain)
    # All that is known to have come after the entry is the way from there to the close.
    passage = replace(walk.passage, open=Decimal(0), best=walk.passage.close)
    return _trail(_take_targets(replace(walk, passage=passage)))


def _expire_if_over(walk: Walk) -> Walk:
    return walk.expire() if walk.candle.closed_at >= walk.signal.valid_until else walk


def _leave_if_overdue(walk: Walk) -> Walk:
    if walk.candle.opened_at < natural_end(walk.signal, walk.course):
        return walk
    return walk.leave(SignalState.MAX_HOLD, walk.passage.open)


def _stop_out(walk: Walk) -> Walk:
    if walk.passage.worst > walk.stop_gain:
        return walk
    return walk.leave(_STOPPED_AS[walk.course.state], min(walk.stop_gain, walk.passage.open))


def _take_targets(walk: Walk) -> Walk:
    plan = walk.signal.plan
    first = TARGETS_TAKEN[walk.course.state]
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
    if state is SignalState.TP1:
        return plan.stop_after_first_target(plan.break_even)
    return plan.targets[0].price


def _comes_back_to_stop(walk: Walk) -> bool:
    passage, stop = walk.passage, walk.stop_gain
    return passage.close <= stop or passage.worst <= stop < passage.open


def _close_after_longest_hold(walk: Walk) -> Walk:
    if walk.candle.closed_at < natural_end(walk.signal, walk.course):
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
