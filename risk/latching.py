"""Breakers that stay tripped: raised by a rule, released by the calendar and a person together.

A latch is never forgotten, only resumed, and whether it holds is asked anew each time. So a clock
that leaps ahead and back again releases nothing for good.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from domain.breakers import Latch


def releasable_from(latch: Latch) -> datetime:
    """The end of the UTC day on which it tripped: from then on an admin can release it."""
    day_after = latch.tripped_at.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(day_after, time(), tzinfo=UTC)


def is_held(latch: Latch, now: datetime) -> bool:
    """Whether a latch still holds.

    It does until its day is over, and until an admin has resumed after that.
    """
    earliest = releasable_from(latch)
    is_resumed = latch.resumed_at is not None and latch.resumed_at >= earliest
    return not is_resumed or now < earliest


def resumed(latch: Latch, now: datetime) -> Latch:
    """The latch after an admin resumed: as it was while its day lasts."""
    if latch.resumed_at is not None or now < releasable_from(latch):
        return latch
    return replace(latch, resumed_at=now)


def raised(latch: Latch | None, trip: Latch) -> Latch | None:
    """The latch after its breaker tripped at `trip.tripped_at`, None where nothing is new.

    A higher level on the same day keeps when it first tripped. A trip on a later day, or after a
    release, starts anew. What was resumed before the trip counts no more.
    """
    if latch is None or not is_held(latch, trip.tripped_at):
        return trip
    if trip.tripped_at >= releasable_from(latch):
        return trip
    if trip.level > latch.level:
        return replace(trip, tripped_at=latch.tripped_at)
    return None if latch.resumed_at is None else replace(latch, resumed_at=None)
