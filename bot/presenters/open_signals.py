"""The answer to /open: what is live, and how far it has come."""

from collections.abc import Sequence
from typing import Final

from bot.presenters.figures import clock_time, percent, price, signed_r
from bot.presenters.markup import bold
from bot.presenters.page import Line, blank, fit
from bot.presenters.setup import stop_in_force
from bot.presenters.wording import reference, title
from domain.signals import FollowedSignal, SignalState

_TARGET_OF: Final = {SignalState.TP1: 1, SignalState.TP2: 2}


def render_open(signals: Sequence[FollowedSignal]) -> str:
    """All live signals, the newest first, two lines each."""
    if not signals:
        return "🌙 No signal is live. The next one comes to the channel by itself."
    head = Line(f"📂 {bold(f'{len(signals)} live')}")
    return fit([head, *(line for followed in reversed(signals) for line in _entry(followed))])


def _entry(followed: FollowedSignal) -> list[Line]:
    # Both lines of a signal share one spare Line, so that none is ever shown by half.
    text = f"{bold(f'{reference(followed)} {title(followed.signal)}')}\n   {_standing(followed)}"
    return [blank(), Line(text, spare=1)]


def _standing(followed: FollowedSignal) -> str:
    course = followed.course
    entry = price(followed.signal.plan.entry, followed.signal.instrument)
    if course.state is SignalState.PUBLISHED:
        return f"⏳ waits for {entry} until {clock_time(followed.signal.valid_until)}"
    number = _TARGET_OF.get(course.state)
    reached = f"🎯 TP{number} ✓ {signed_r(course.realised_r)}, " if number else "🔵 "
    left = percent((1 - course.closed_fraction) * 100)
    return f"{reached}{left} open from {entry} · stop {stop_in_force(followed)}"
