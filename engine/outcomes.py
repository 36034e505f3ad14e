"""What a published signal that has ended adds to memory."""

from datetime import datetime

from domain.memory import Origin, PastOutcome
from domain.signals import FollowedSignal
from domain.timeframes import to_ms


def outcome_of(followed: FollowedSignal, known_at: datetime) -> PastOutcome | None:
    """The outcome of a trade, known from the moment on at which its end is written down.

    None while the signal is live, for one that was never entered, and for one decided on before
    setups were kept.
    """
    signal, course = followed.signal, followed.course
    setup = signal.decision.setup
    is_trade = course.state.is_final and course.triggered_at is not None
    if setup is None or not is_trade:
        return None
    return PastOutcome(
        symbol=signal.decision.symbol,
        setup=setup,
        origin=Origin.LIVE,
        realised_r=float(course.realised_r),
        decided_ms=to_ms(signal.decision.as_of),
        known_ms=to_ms(known_at),
    )
