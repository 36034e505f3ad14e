"""When a signal should have ended, and when it is not waited for any more."""

from datetime import datetime

from domain.signals import Course, Signal


def natural_end(signal: Signal, course: Course) -> datetime:
    """The end of the entry window; once entered, the end of the longest hold."""
    if course.triggered_at is None:
        return signal.valid_until
    return course.triggered_at + signal.rules.maximum_hold


def give_up_at(signal: Signal, course: Course) -> datetime:
    """The instant at which a signal that nothing has ended is given up.

    A fixed distance from its natural end, so that it does not depend on who was watching when.
    """
    return natural_end(signal, course) + signal.rules.give_up_after


def is_overdue(signal: Signal, course: Course, now: datetime) -> bool:
    """Whether a signal should have ended so long ago that no candle will end it any more."""
    return now >= give_up_at(signal, course)
