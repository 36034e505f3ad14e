"""Where a signal stands, in one line: the line of the post that changes with its life."""

from decimal import Decimal
from typing import Final

from bot.presenters.figures import clock_time, percent, signed_percent, signed_r
from bot.presenters.markup import bold
from domain.signals import Course, FollowedSignal, SignalState

_ENDINGS: Final = {
    SignalState.TP3: "all three targets reached",
    SignalState.STOPPED: "stop hit",
    SignalState.BREAKEVEN: "rest closed at break-even",
    SignalState.TRAILED: "rest closed by the trailing stop",
    SignalState.MAX_HOLD: "closed at the time limit",
    SignalState.INVALIDATED: "closed early, the setup no longer holds",
}

_NO_TRADES: Final = {
    SignalState.EXPIRED: ("⌛", "EXPIRED", "entry not reached in time, no trade"),
    SignalState.CANCELLED: ("🚫", "CANCELLED", "withdrawn before entry, no trade"),
}

_TARGET_NUMBERS: Final = {SignalState.TP1: 1, SignalState.TP2: 2}


def status_line(followed: FollowedSignal) -> str:
    """The status of a signal as one line of HTML."""
    state = followed.course.state
    if state is SignalState.PUBLISHED:
        until = clock_time(followed.signal.valid_until)
        return f"⏳ {bold('PUBLISHED')} · valid until {bold(until)}"
    if state in _NO_TRADES:
        sign, word, explanation = _NO_TRADES[state]
        return f"{sign} {bold(word)} · {explanation}"
    if state.is_final:
        return closing_line(followed.course)
    return _open_line(followed.course)


def closing_line(course: Course) -> str:
    """How a trade ended, as one line of HTML; a loss as plainly as a win."""
    result = f"CLOSED {signed_r(course.realised_r)}"
    return (
        f"{outcome_sign(course.realised_r)} {bold(result)} "
        f"({signed_percent(course.realised_percent)}) · {_ENDINGS[course.state]}"
    )


def outcome_sign(net_r: Decimal) -> str:
    """Won, lost, or neither."""
    if net_r > 0:
        return "✅"
    return "❌" if net_r < 0 else "➖"


def ending(state: SignalState) -> str:
    """How a signal ended, in words."""
    return _NO_TRADES[state][2] if state in _NO_TRADES else _ENDINGS[state]


def _open_line(course: Course) -> str:
    number = _TARGET_NUMBERS.get(course.state)
    if number is None:
        entered = f" · entered {clock_time(course.triggered_at)}" if course.triggered_at else ""
        return f"🔵 {bold('OPEN')}{entered}"
    left = percent((1 - course.closed_fraction) * 100)
    return f"🎯 {bold(f'TP{number} ✓ {signed_r(course.realised_r)}')} so far · {left} still open"
