"""The short reply to a post for each step of a signal's life; a loss as plainly as a win."""

from typing import Final

from bot.presenters.figures import clock_time, duration, percent, price, signed_r
from bot.presenters.markup import bold
from bot.presenters.setup import stop_in_force
from bot.presenters.status_header import closing_line, ending
from bot.presenters.wording import reference, title
from domain.signals import FollowedSignal, SignalState, Step

_TARGETS: Final = {SignalState.TP1: 1, SignalState.TP2: 2}


def render_step_reply(followed: FollowedSignal, step: Step) -> str:
    """Two or three lines of HTML; the first tells in a notification what happened."""
    subject = f"{title(followed.signal)} {reference(followed)}"
    return f"{bold(subject)}\n{_event(followed, step)}"


def _event(followed: FollowedSignal, step: Step) -> str:
    if step.state is SignalState.TRIGGERED:
        return _entered(followed, step)
    if step.state in _TARGETS:
        return _target_reached(followed, step, _TARGETS[step.state])
    if step.state is SignalState.EXPIRED:
        return f"⌛ {bold('EXPIRED')}: {ending(step.state)}."
    if step.state is SignalState.CANCELLED:
        return f"🚫 {bold('CANCELLED')}: {ending(step.state)}."
    return _closed(followed, step)


def _entered(followed: FollowedSignal, step: Step) -> str:
    entry = price(step.price, followed.signal.instrument)
    return (
        f"🔵 Entered at {entry}, {clock_time(step.at)}.\n"
        f"Stop {stop_in_force(followed)} · next TP1 {_target(followed, 0)}"
    )


def _target_reached(followed: FollowedSignal, step: Step, number: int) -> str:
    closed = percent(followed.signal.plan.targets[number - 1].fraction * 100)
    level = price(step.price, followed.signal.instrument)
    so_far = signed_r(step.course.realised_r)
    return (
        f"🎯 {bold(f'TP{number} ✓')} {level}: close {closed}, {bold(so_far)} so far.\n"
        f"Stop → {stop_in_force(followed)} · next TP{number + 1} {_target(followed, number)}"
    )


def _closed(followed: FollowedSignal, step: Step) -> str:
    level = price(step.price, followed.signal.instrument)
    return f"{closing_line(step.course)}\nOut at {level}{_held(step)}."


def _held(step: Step) -> str:
    if step.course.triggered_at is None:
        return ""
    return f", held {duration((step.at - step.course.triggered_at).total_seconds())}"


def _target(followed: FollowedSignal, position: int) -> str:
    return price(followed.signal.plan.targets[position].price, followed.signal.instrument)
