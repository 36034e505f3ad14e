"""Following on candles coarser than a minute: the conservative reading, and nothing else new."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.candles import Candle
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.signals import Course, Signal, SignalState
from domain.timeframes import Timeframe, to_ms
from engine.lifecycle import advance, catch_up, next_candle_index, start_course
from tests.unit.engine.minutes import make_minute
from tests.unit.risk.trade_builders import make_round_signal

M15, H1 = Timeframe.M15, Timeframe.H1
LONG, SHORT = Direction.LONG, Direction.SHORT


def quarter(gains: tuple[float, float, float, float], number: int, direction: Direction) -> Candle:
    """The 15m candle `number` after the close decided on, in gains from the entry."""
    first = M15.index_of(to_ms(make_round_signal(direction).decision.as_of))
    return replace(make_minute(gains, 0, direction), timeframe=M15, index=first + number)


def after(
    direction: Direction, *path: tuple[float, float, float, float]
) -> tuple[Signal, Course, list[SignalState]]:
    signal = make_round_signal(direction)
    course, states = start_course(signal), []
    for number, gains in enumerate(path):
        course, steps = advance(signal, course, quarter(gains, number, direction), M15)
        states += [step.state for step in steps]
    return signal, course, states


def test_first_candle_is_the_one_that_opens_at_the_close_decided_on() -> None:
    signal = make_round_signal()
    first = next_candle_index(signal, start_course(signal), M15)
    assert first == M15.index_of(to_ms(signal.decision.as_of))


def decided_at(minute: int) -> Signal:
    """Of a close so many minutes after 14:00, to be entered for an hour."""
    signal = make_round_signal()
    as_of = signal.decision.as_of + timedelta(minutes=minute)
    return replace(
        signal,
        decision=replace(signal.decision, as_of=as_of),
        published_at=as_of + timedelta(seconds=2),
        valid_until=as_of + timedelta(hours=1),
    )


@pytest.mark.parametrize("minute", [15, 30, 45])
def test_no_price_from_before_the_decision_is_followed_on_hours(minute: int) -> None:
    signal = decided_at(minute)
    containing = H1.index_of(to_ms(signal.decision.as_of))
    assert next_candle_index(signal, start_course(signal), H1) == containing + 1
    through = replace(make_minute((0.0, 1.0, -0.5, 0.5)), timeframe=H1, index=containing)
    assert advance(signal, start_course(signal), through, H1) == (start_course(signal), ())
    # The first hour after the decision ends when the entry window is over.
    late = replace(through, index=containing + 1)
    _, steps = advance(signal, start_course(signal), late, H1)
    assert [step.state for step in steps] == [SignalState.EXPIRED]


def test_close_of_a_full_hour_is_followed_on_the_hour_that_opens_at_it() -> None:
    signal = decided_at(0)
    first = next_candle_index(signal, start_course(signal), H1)
    assert first * H1.milliseconds == to_ms(signal.decision.as_of)


@pytest.mark.parametrize("direction", Direction)
def test_price_that_only_touches_the_entry_does_not_enter(direction: Direction) -> None:
    _, course, states = after(direction, (0.0, 1.0, 0.0, 0.5))
    assert states == [SignalState.EXPIRED]
    assert course.triggered_at is None


@pytest.mark.parametrize("direction", Direction)
def test_price_that_trades_through_the_entry_enters_at_the_close_of_the_candle(
    direction: Direction,
) -> None:
    signal, course, states = after(direction, (0.0, 1.0, -0.01, 0.5))
    assert states == [SignalState.TRIGGERED]
    assert course.triggered_at == signal.decision.as_of + timedelta(minutes=15)


@pytest.mark.parametrize("direction", Direction)
def test_price_that_opens_beyond_the_entry_and_stays_there_does_not_enter(
    direction: Direction,
) -> None:
    _, _, states = after(direction, (-0.5, -0.2, -1.0, -0.4))
    assert states == [SignalState.EXPIRED]


@pytest.mark.parametrize("direction", Direction)
def test_stop_in_the_candle_of_the_entry_counts_wherever_it_was_touched(
    direction: Direction,
) -> None:
    _, _, states = after(direction, (0.0, 9.0, -2.0, 8.5))
    assert states == [SignalState.TRIGGERED, SignalState.STOPPED]


@pytest.mark.parametrize("direction", Direction)
def test_target_in_the_candle_of_the_entry_counts_only_where_the_close_proves_it(
    direction: Direction,
) -> None:
    assert after(direction, (0.0, 9.0, -0.5, 2.9))[2] == [SignalState.TRIGGERED]
    proven = after(direction, (0.0, 9.0, -0.5, 3.1))[2]
    assert proven == [SignalState.TRIGGERED, SignalState.TP1]


def test_later_candles_obey_the_rules_of_every_candle() -> None:
    states = after(LONG, (0.0, 1.0, -0.5, 0.5), (0.5, 3.5, -2.5, 3.0))[2]
    assert states == [SignalState.TRIGGERED, SignalState.STOPPED]


def test_candle_of_another_timeframe_than_the_one_followed_is_refused() -> None:
    signal = make_round_signal()
    with pytest.raises(InvalidDataError, match="followed on 15m"):
        advance(signal, start_course(signal), make_minute((0.0, 1.0, -1.0, 0.0)), M15)


def test_catching_up_on_coarse_candles_gives_a_move_for_each_that_brought_a_step() -> None:
    signal = make_round_signal()
    candles = [
        quarter((0.0, 1.0, -0.5, 0.5), 0, LONG),
        quarter((0.5, 1.0, 0.2, 0.6), 1, LONG),
    ]
    now = signal.decision.as_of + timedelta(minutes=31)
    moves = catch_up(signal, start_course(signal), candles, now, M15)
    assert [len(move.steps) for move in moves] == [1, 0]
    assert moves[-1].course.cursor == candles[-1].index
