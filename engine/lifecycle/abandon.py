"""The end of a signal that cannot be followed any more: nothing is traded in its pair."""

from dataclasses import replace

from domain.signals import Course, Exit, Signal, SignalState, Step
from engine.lifecycle.deadlines import give_up_at
from engine.lifecycle.results import compute_net_percent, compute_net_r


def abandon(signal: Signal, course: Course) -> tuple[Course, Step]:
    """End it, at the instant of giving it up. Not entered: cancelled, no trade. Open: invalidated.

    What an open one would have earned nobody knows, so the rest counts as closed at the stop: the
    reading that is worst for the record.
    """
    plan, at = signal.plan, give_up_at(signal, course)
    if course.triggered_at is None:
        ended = replace(course, state=SignalState.CANCELLED, ended_at=at)
        return ended, Step(state=ended.state, at=at, price=plan.entry, course=ended)
    left = 1 - course.closed_fraction
    leg = Exit(state=SignalState.INVALIDATED, price=course.stop, fraction=left, at=at)
    exits = (*course.exits, leg)
    ended = replace(
        course,
        state=SignalState.INVALIDATED,
        exits=exits,
        realised_r=compute_net_r(plan, exits),
        realised_percent=compute_net_percent(plan, exits),
        ended_at=at,
    )
    return ended, Step(state=ended.state, at=at, price=course.stop, course=ended)
