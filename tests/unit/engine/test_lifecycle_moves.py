"""What candles bring comes in pieces: one for each minute with news, one for the quiet rest."""

from datetime import timedelta

from domain.signals import SignalState
from engine.lifecycle import catch_up, give_up_at, start_course
from tests.builders.signals import CLOSED_AT
from tests.unit.engine.minutes import Gains, follow, make_minutes
from tests.unit.risk.trade_builders import make_round_signal

ENTRY: Gains = (0.5, 0.6, -0.1, 0.5)
CALM: Gains = (0.5, 0.6, 0.4, 0.5)
TARGETS: Gains = (1.0, 5.2, 0.9, 5.1)
STOP: Gains = (0.5, 0.6, -2.5, -2.2)

SIGNAL = make_round_signal()
SOON = CLOSED_AT + timedelta(hours=1)


def states_of(*path: Gains) -> list[list[str]]:
    moves = catch_up(SIGNAL, start_course(SIGNAL), make_minutes(path), SOON)
    return [[str(step.state) for step in move.steps] for move in moves]


def test_each_minute_with_news_is_a_move() -> None:
    assert states_of(ENTRY, CALM, TARGETS) == [["triggered"], ["tp1", "tp2"]]


def test_quiet_rest_is_one_move_without_steps() -> None:
    assert states_of(CALM, ENTRY, CALM, CALM) == [["triggered"], []]


def test_nothing_follows_the_end() -> None:
    assert states_of(ENTRY, STOP, CALM, CALM) == [["triggered"], ["stopped"]]


def test_no_candles_are_no_move() -> None:
    assert states_of() == []


def test_last_move_has_the_course_after_the_last_candle() -> None:
    candles = make_minutes([ENTRY, CALM, TARGETS, (5.1, 5.2, 5.0, 5.1)])
    moves = catch_up(SIGNAL, start_course(SIGNAL), candles, SOON)
    assert moves[-1].course == follow(SIGNAL, candles)[0]
    assert [move.at for move in moves] == [candles[i].closed_at for i in (0, 2, 3)]


def test_what_is_overdue_is_given_up_after_its_last_candle() -> None:
    course, _ = follow(SIGNAL, make_minutes([ENTRY]))
    deadline = give_up_at(SIGNAL, course)
    candles = make_minutes([ENTRY, CALM])
    early = catch_up(SIGNAL, start_course(SIGNAL), candles, deadline - timedelta(minutes=1))
    late = catch_up(SIGNAL, start_course(SIGNAL), candles, deadline + timedelta(days=3))
    assert early[-1].course.state is SignalState.TRIGGERED
    assert (late[-1].course.state, late[-1].at) == (SignalState.INVALIDATED, deadline)
    assert late[-1].course.cursor == candles[-1].index
