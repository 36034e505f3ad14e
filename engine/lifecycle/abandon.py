"""The end of a signal that cannot be followed any more: the venue has no candles of its pair."""

from dataclasses import replace
from datetime import datetime

from domain.signals import Course, Exit, Signal, SignalState, Step
from engine.lifecycle.results import compute_net_percent, compute_net_r


def is_overdue(signal: Signal, course: Course, now: datetime) -> bool:
    """Whether a signal should have ended so long ago that no candle will end it any more."""
    natural_end = signal.valid_until
    if course.triggered_at is not None:
        natural_end = course.triggered_at + signal.rules.maximum_hold
    return now > natural_end + signal.rules.give_up_after


def abandon(signal: Signal, course: Course, now: datetime) -> tuple[Course, Step]:
    """End it without candles. Not entered: cancelled, no trade. Open: invalidated.

    What an open one would have earned nobody knows, so the rest counts as closed at the stop: the
    reading that is worst for the record.
    """
    plan = signal.plan
    if course.triggered_at is None:
        ended = replace(course, state=SignalState.CANCELLED, ended_at=now)
        return ended, Step(state=ended.state, at=now, price=plan.entry, course=ended)
    left = 1 - course.closed_fraction
    leg = Exit(state=SignalState.INVALIDATED, price=course.stop, fraction=left, at=now)
    exits = (*course.exits, leg)
    ended = replace(
        course,
        state=SignalState.INVALIDATED,
        exits=exits,
        realised_r=compute_net_r(plan, exits),
        realised_percent=compute_net_percent(plan, exits),
        ended_at=now,
    )
    return ended, Step(state=ended.state, at=now, price=course.stop, course=ended)
