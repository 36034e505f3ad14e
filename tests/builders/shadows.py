"""Decisions that were not sent, for tests."""

from datetime import datetime

from domain.decisions import Decision
from domain.directions import Direction
from domain.instruments import Instrument
from domain.shadows import FollowedShadow, Shadow
from domain.signals import SignalState
from tests.builders.signals import PUBLISHED_AT, make_course, make_signal


def make_shadow(
    shadow_id: int = 1,
    *,
    rules: tuple[str, ...] = ("overtrading",),
    direction: Direction = Direction.LONG,
    decided_at: datetime = PUBLISHED_AT,
    instrument: Instrument | None = None,
    decision: Decision | None = None,
) -> Shadow:
    """The shadow of a signal that would have been built by default."""
    signal = make_signal(
        direction=direction,
        published_at=decided_at,
        instrument=instrument,
        decision=decision,
    )
    return Shadow(
        id=shadow_id,
        instrument=signal.instrument,
        decision=signal.decision,
        plan=signal.plan,
        decided_at=signal.published_at,
        valid_until=signal.valid_until,
        lifecycle=signal.rules,
        rules=rules,
    )


def make_followed_shadow(
    state: SignalState = SignalState.PUBLISHED, *, shadow: Shadow | None = None
) -> FollowedShadow:
    """A shadow with the course that usually leads to a state."""
    decided = shadow or make_shadow()
    signal = make_signal(
        plan=decided.plan, instrument=decided.instrument, published_at=decided.decided_at
    )
    return FollowedShadow(shadow=decided, course=make_course(state, signal))
