"""Halts, gaps after them, crashes, and minutes in which nobody trades.

The signal: entry 100, stop 2 away, targets 3, 5 and 8 away, break-even 0.15 away, trailing by 1.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.signals import Course, SignalState
from tests.builders.signals import CLOSED_AT
from tests.unit.engine.minutes import Gains, exit_gains, follow, make_minute, make_minutes
from tests.unit.risk.trade_builders import make_round_signal

BOTH = pytest.mark.parametrize("direction", list(Direction))
ENTRY: Gains = (0.5, 0.6, -0.1, 0.5)
QUIET: Gains = (0.5, 0.6, 0.4, 0.5)
FIRST_TARGET: Gains = (1.0, 3.2, 0.9, 2.9)
SECOND_TARGET: Gains = (2.9, 5.6, 2.8, 4.7)
"""After this one the stop trails at 4.6."""


def halt(minutes: int, gain: float = 0.5) -> list[Gains]:
    """Nothing is traded for so many minutes: the venue repeats the last price."""
    return [(gain, gain, gain, gain)] * minutes


def course_of(path: list[Gains], direction: Direction = Direction.LONG) -> Course:
    return follow(make_round_signal(direction), make_minutes(path, direction))[0]


def outcome(path: list[Gains], direction: Direction) -> tuple[str, list[tuple[str, str]]]:
    course = course_of(path, direction)
    exits = [(state, f"{gain.normalize():f}") for state, gain in exit_gains(course, direction)]
    return str(course.state), exits


# A halt, and the first candle after it


@BOTH
@pytest.mark.parametrize(
    ("after", "state", "exits"),
    [
        (QUIET, "triggered", []),
        ((-3.4, -3.0, -3.6, -3.1), "stopped", [("stopped", "-3.4")]),
        ((3.7, 4.0, 3.6, 3.9), "tp1", [("tp1", "3.7")]),
        ((9.0, 9.5, 8.8, 9.2), "tp3", [("tp1", "9"), ("tp2", "9"), ("tp3", "9")]),
    ],
)
def test_gap_after_a_halt_fills_at_the_open(
    after: Gains, state: str, exits: list[tuple[str, str]], direction: Direction
) -> None:
    assert outcome([ENTRY, *halt(15), after], direction) == (state, exits)


@BOTH
def test_gap_over_the_entry_is_no_entry(direction: Direction) -> None:
    assert outcome([QUIET, *halt(5), (-0.4, -0.2, -0.6, -0.5)], direction) == ("published", [])


@BOTH
def test_entry_after_a_halt_within_the_window_counts(direction: Direction) -> None:
    assert outcome([QUIET, *halt(5), ENTRY], direction)[0] == "triggered"


@BOTH
def test_window_that_ends_within_a_halt_expires_with_the_clock(direction: Direction) -> None:
    course = course_of([QUIET, *halt(15)], direction)
    assert course.state is SignalState.EXPIRED
    assert course.ended_at == CLOSED_AT + timedelta(minutes=15)


# Minutes without trades


@BOTH
def test_nobody_enters_at_a_price_that_is_only_repeated(direction: Direction) -> None:
    assert outcome(halt(3, gain=0.0), direction) == ("published", [])


def test_flat_minute_with_trades_counts() -> None:
    traded = replace(make_minute((0.0, 0.0, 0.0, 0.0)), volume=1.0)
    course, _ = follow(make_round_signal(), [traded])
    assert course.state is SignalState.TRIGGERED


def test_minute_with_a_range_counts_even_if_its_volume_is_unknown() -> None:
    candles = [make_minute(ENTRY), replace(make_minute((0.5, 0.6, -2.0, 0.1), 1), volume=0.0)]
    course, _ = follow(make_round_signal(), candles)
    assert course.state is SignalState.STOPPED


@BOTH
def test_stop_that_trails_beyond_the_last_price_fills_at_the_first_trade(
    direction: Direction,
) -> None:
    # The candle closed at 4.2, below the stop at 4.6 that its own high brings.
    falling: Gains = (2.9, 5.6, 2.8, 4.2)
    path = [ENTRY, FIRST_TARGET, falling, *halt(10, gain=4.2)]
    assert outcome(path, direction)[0] == "tp2"
    assert outcome([*path, (3.8, 3.9, 3.7, 3.8)], direction)[1][-1] == ("trailed", "3.8")


@BOTH
def test_longest_hold_that_ends_in_a_halt_closes_at_the_first_open_after_it(
    direction: Direction,
) -> None:
    path = [ENTRY, *[QUIET] * 110, *halt(30)]
    assert outcome(path, direction) == ("triggered", [])
    # What happened after that open does not matter: not its stop, not its target.
    assert outcome([*path, (0.2, 9.0, -9.0, 0.1)], direction) == ("max_hold", [("max_hold", "0.2")])
    assert outcome([*path, (-3.1, 0.0, -4.0, -3.5)], direction)[1] == [("max_hold", "-3.1")]


# A pair that is never traded again


@BOTH
@pytest.mark.parametrize(
    ("before", "closed_at"),
    [
        ([ENTRY], "-2"),
        ([ENTRY, FIRST_TARGET], "0.15"),
        ([ENTRY, FIRST_TARGET, SECOND_TARGET], "4.6"),
    ],
)
def test_pair_without_trades_for_a_day_is_invalidated_at_the_stop(
    before: list[Gains], closed_at: str, direction: Direction
) -> None:
    path = [*before, *halt(27 * 60, gain=before[-1][3])]
    course = course_of(path, direction)
    assert course.state is SignalState.INVALIDATED
    assert course.triggered_at is not None
    assert course.ended_at == course.triggered_at + timedelta(hours=2 + 24)
    assert exit_gains(course, direction)[-1] == ("invalidated", Decimal(closed_at))
    assert course.closed_fraction == 1


@BOTH
def test_halt_that_ends_within_the_day_is_followed_to_its_end(direction: Direction) -> None:
    path = [ENTRY, *halt(25 * 60), (0.7, 0.8, 0.6, 0.7)]
    assert outcome(path, direction) == ("max_hold", [("max_hold", "0.7")])


# A crash


@BOTH
def test_crash_through_stop_and_back_within_a_minute_stops_at_the_stop(
    direction: Direction,
) -> None:
    assert outcome([ENTRY, (0.4, 9.0, -79.0, 8.0)], direction) == ("stopped", [("stopped", "-2")])


@BOTH
def test_crash_between_two_minutes_loses_more_than_the_risk(direction: Direction) -> None:
    course = course_of([ENTRY, (-12.0, -10.0, -40.0, -20.0)], direction)
    assert exit_gains(course, direction) == [("stopped", Decimal(-12))]
    assert course.realised_r == Decimal("-6.075")


@BOTH
def test_crash_in_the_minute_of_the_entry_stops_it(direction: Direction) -> None:
    assert outcome([(0.5, 0.6, -60.0, -30.0)], direction) == ("stopped", [("stopped", "-2")])


@BOTH
def test_crash_in_favour_of_an_entry_pays_its_targets_and_not_the_next_open(
    direction: Direction,
) -> None:
    path: list[Gains] = [(0.5, 40.0, -0.1, 39.0), (39.0, 60.0, 38.0, 50.0)]
    assert outcome(path, direction) == ("tp3", [("tp1", "3"), ("tp2", "5"), ("tp3", "8")])
