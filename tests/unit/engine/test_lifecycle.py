"""The rules of a signal's life, one by one.

The signal: entry 100, stop 2 away, targets 3, 5 and 8 away, break-even 0.15 away, trailing by 1.
"""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.errors import InvalidDataError, StaleDataError
from domain.signals import Course, SignalState, Step
from domain.timeframes import Timeframe
from engine.issue import IssueParameters
from engine.lifecycle import advance, next_candle_index, start_course
from tests.builders.signals import CLOSED_AT
from tests.unit.engine.minutes import (
    FIRST_INDEX,
    Gains,
    exit_gains,
    follow,
    make_minute,
    make_minutes,
)
from tests.unit.risk.trade_builders import NO_COSTS, make_round_signal

BOTH = pytest.mark.parametrize("direction", list(Direction))
ENTRY: Gains = (0.5, 0.6, -0.1, 0.4)
QUIET: Gains = (0.4, 0.6, 0.3, 0.5)


def course_of(*path: Gains, direction: Direction = Direction.LONG) -> Course:
    return follow(make_round_signal(direction), make_minutes(path, direction))[0]


def steps_of(*path: Gains) -> list[Step]:
    return follow(make_round_signal(), make_minutes(path))[1]


def states(steps: list[Step]) -> list[str]:
    return [str(step.state) for step in steps]


def outcome(*path: Gains, direction: Direction) -> tuple[str, list[tuple[str, str]]]:
    """Final or present state, and each exit with its gain as text."""
    course = course_of(*path, direction=direction)
    exits = [(state, f"{gain.normalize():f}") for state, gain in exit_gains(course, direction)]
    return str(course.state), exits


# The entry window


def test_first_candle_is_the_one_that_opens_after_publication() -> None:
    signal = make_round_signal()
    assert next_candle_index(signal, start_course(signal)) == FIRST_INDEX


def test_candle_that_opens_with_the_publication_counts() -> None:
    signal = replace(make_round_signal(), published_at=CLOSED_AT)
    assert next_candle_index(signal, start_course(signal)) == FIRST_INDEX - 1


def test_shortest_window_that_is_allowed_has_a_candle_to_enter_in() -> None:
    (declared,) = (each for each in fields(IssueParameters) if each.name == "entry_window_seconds")
    low = declared.metadata["low"]
    issuing = IssueParameters(entry_window_seconds=low, maximum_lateness_seconds=low)
    signal = replace(
        make_round_signal(),
        published_at=CLOSED_AT + timedelta(seconds=3),
        valid_until=CLOSED_AT + issuing.entry_window,
    )
    course, _ = follow(signal, make_minutes([ENTRY]))
    assert course.state is SignalState.TRIGGERED


@BOTH
def test_candle_that_contains_the_entry_triggers_at_the_entry(direction: Direction) -> None:
    signal = make_round_signal(direction)
    course, steps = follow(signal, make_minutes([ENTRY], direction))
    assert course.state is SignalState.TRIGGERED
    assert course.triggered_at == CLOSED_AT + timedelta(minutes=2)
    assert [(step.state, step.price) for step in steps] == [(SignalState.TRIGGERED, Decimal(100))]


@BOTH
@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        ((0.5, 0.6, 0.01, 0.4), "triggered"),
        ((0.5, 0.6, 0.02, 0.4), "published"),
        ((-0.5, -0.01, -0.6, -0.4), "triggered"),
        ((-0.5, -0.02, -0.6, -0.4), "published"),
    ],
)
def test_entry_within_a_tick_of_the_range_counts(
    gains: Gains, expected: str, direction: Direction
) -> None:
    assert outcome(gains, direction=direction)[0] == expected


@BOTH
def test_gap_past_the_entry_does_not_trigger(direction: Direction) -> None:
    assert outcome(QUIET, (-0.3, -0.2, -0.6, -0.5), direction=direction) == ("published", [])


@BOTH
def test_entry_that_was_not_met_in_time_expires(direction: Direction) -> None:
    signal = make_round_signal(direction)
    course, steps = follow(signal, make_minutes([QUIET] * 14, direction))
    assert course.state is SignalState.EXPIRED
    assert course.ended_at == signal.valid_until == CLOSED_AT + timedelta(minutes=15)
    assert course.realised_r == 0
    assert states(steps) == ["expired"]


def test_last_candle_of_the_window_may_still_trigger() -> None:
    assert course_of(*[QUIET] * 13, ENTRY).state is SignalState.TRIGGERED


def test_candle_that_closes_after_the_window_may_not() -> None:
    signal = replace(make_round_signal(), valid_until=CLOSED_AT + timedelta(minutes=14, seconds=30))
    course, _ = follow(signal, make_minutes([*[QUIET] * 13, ENTRY]))
    assert course.state is SignalState.EXPIRED
    assert course.ended_at == signal.valid_until


@BOTH
def test_stop_touched_in_the_entry_candle_counts(direction: Direction) -> None:
    found = outcome((0.5, 0.6, -2.0, -1.0), direction=direction)
    assert found == ("stopped", [("stopped", "-2")])


@BOTH
def test_stop_in_the_entry_candle_fills_at_the_stop_wherever_it_opened(
    direction: Direction,
) -> None:
    # It opened below the stop, before it came up to the entry.
    found = outcome((-3.0, 0.1, -3.5, -0.2), direction=direction)
    assert found == ("stopped", [("stopped", "-2")])


@BOTH
def test_target_in_the_entry_candle_does_not_count_unless_the_close_proves_it(
    direction: Direction,
) -> None:
    # Up to 9 first and down to the entry then, or the other way round: nobody knows.
    assert outcome((0.5, 9.0, -0.1, 2.9), direction=direction) == ("triggered", [])
    assert outcome((0.5, 9.0, -0.1, 3.0), direction=direction) == ("tp1", [("tp1", "3")])


@BOTH
def test_targets_proven_in_the_entry_candle_fill_at_their_own_prices(direction: Direction) -> None:
    two = [("tp1", "3"), ("tp2", "5")]
    assert outcome((7.0, 9.0, -0.1, 7.0), direction=direction) == ("tp2", two)
    assert outcome((0.5, 9.0, -0.1, 8.5), direction=direction) == ("tp3", [*two, ("tp3", "8")])


@BOTH
def test_second_target_proven_in_the_entry_candle_trails_from_its_close(
    direction: Direction,
) -> None:
    course = course_of((0.5, 9.0, -0.1, 7.0), direction=direction)
    assert course.extreme is not None
    assert direction.sign * (course.extreme - 100) == 7
    assert direction.sign * (course.stop - 100) == 6


@BOTH
def test_stop_in_the_entry_candle_comes_before_a_proven_target(direction: Direction) -> None:
    assert outcome((0.5, 9.0, -2.0, 8.5), direction=direction) == ("stopped", [("stopped", "-2")])


# Stop and targets


@BOTH
def test_stop_touched_ends_the_trade_at_the_stop(direction: Direction) -> None:
    assert outcome(ENTRY, (-1.0, -0.5, -2.0, -1.5), direction=direction) == (
        "stopped",
        [("stopped", "-2")],
    )


@BOTH
def test_stop_gapped_fills_at_the_open(direction: Direction) -> None:
    assert outcome(ENTRY, (-2.7, -1.0, -3.0, -1.5), direction=direction) == (
        "stopped",
        [("stopped", "-2.7")],
    )


@BOTH
def test_stop_comes_before_a_target_in_the_same_candle(direction: Direction) -> None:
    assert outcome(ENTRY, (1.0, 9.0, -2.0, 8.5), direction=direction) == (
        "stopped",
        [("stopped", "-2")],
    )


@BOTH
def test_first_target_closes_its_part_and_moves_the_stop_to_break_even(
    direction: Direction,
) -> None:
    course = course_of(ENTRY, (1.0, 3.0, 0.9, 2.9), direction=direction)
    assert (course.state, course.closed_fraction) == (SignalState.TP1, Decimal("0.4"))
    assert direction.sign * (course.stop - 100) == Decimal("0.15")


@BOTH
def test_target_gapped_fills_at_the_open(direction: Direction) -> None:
    assert outcome(ENTRY, (3.4, 3.6, 3.2, 3.5), direction=direction) == ("tp1", [("tp1", "3.4")])


@BOTH
def test_stop_after_the_first_target_ends_at_break_even(direction: Direction) -> None:
    path = ENTRY, (1.0, 3.0, 0.9, 2.9), (2.9, 3.0, 0.15, 0.5)
    assert outcome(*path, direction=direction) == (
        "breakeven",
        [("tp1", "3"), ("breakeven", "0.15")],
    )


@BOTH
def test_second_target_moves_the_stop_to_the_first(direction: Direction) -> None:
    course = course_of(ENTRY, (1.0, 3.0, 0.9, 2.9), (2.9, 5.0, 2.8, 4.2), direction=direction)
    assert (course.state, course.closed_fraction) == (SignalState.TP2, Decimal("0.8"))
    # The trailing stop lies 1 below the best price, here 4, and is above the first target.
    assert direction.sign * (course.stop - 100) == 4


@BOTH
def test_second_targets_step_shows_the_stop_at_the_first_target(direction: Direction) -> None:
    signal = make_round_signal(direction)
    path = make_minutes([ENTRY, (1.0, 3.0, 0.9, 2.9), (2.9, 5.0, 2.8, 4.2)], direction)
    _, steps = follow(signal, path)
    assert direction.sign * (steps[-1].course.stop - 100) == 3


@BOTH
def test_third_target_ends_the_trade(direction: Direction) -> None:
    path = ENTRY, (1.0, 3.0, 0.9, 2.9), (2.9, 5.0, 2.8, 4.9), (4.9, 8.0, 4.8, 7.0)
    assert outcome(*path, direction=direction) == (
        "tp3",
        [("tp1", "3"), ("tp2", "5"), ("tp3", "8")],
    )


@BOTH
def test_several_targets_in_one_candle_are_met_in_order(direction: Direction) -> None:
    assert outcome(ENTRY, (0.1, 8.5, 0.0, 8.2), direction=direction) == (
        "tp3",
        [("tp1", "3"), ("tp2", "5"), ("tp3", "8")],
    )


@BOTH
def test_gap_beyond_several_targets_fills_all_of_them_at_the_open(direction: Direction) -> None:
    assert outcome(ENTRY, (5.5, 6.0, 5.2, 5.8), direction=direction) == (
        "tp2",
        [("tp1", "5.5"), ("tp2", "5.5")],
    )


# A stop that a target has moved, in the candle of that target


@BOTH
def test_moved_stop_counts_when_the_close_proves_the_touch(direction: Direction) -> None:
    assert outcome(ENTRY, (0.1, 3.2, 0.0, 0.15), direction=direction) == (
        "breakeven",
        [("tp1", "3"), ("breakeven", "0.15")],
    )


@BOTH
def test_moved_stop_counts_when_the_candle_came_back_from_its_good_side(
    direction: Direction,
) -> None:
    # Down to break-even first and up then, or up first and down then: nobody knows.
    assert outcome(ENTRY, (1.0, 3.2, 0.1, 2.5), direction=direction) == (
        "breakeven",
        [("tp1", "3"), ("breakeven", "0.15")],
    )


@BOTH
def test_moved_stop_does_not_count_where_the_open_explains_the_touch(direction: Direction) -> None:
    assert outcome(ENTRY, (0.1, 3.2, 0.0, 2.5), direction=direction) == ("tp1", [("tp1", "3")])


@BOTH
def test_stop_moved_to_the_first_target_counts_when_the_close_proves_the_touch(
    direction: Direction,
) -> None:
    assert outcome(ENTRY, (0.1, 6.0, 0.0, 2.5), direction=direction) == (
        "trailed",
        [("tp1", "3"), ("tp2", "5"), ("trailed", "3")],
    )


# The trailing stop


UP_TO_TP2 = (ENTRY, (1.0, 3.0, 0.9, 2.9), (2.9, 5.6, 2.8, 5.0))
"""After these the best is 5.6 and the trailing stop at 4.6."""


@BOTH
def test_trailing_stop_counts_from_the_next_candle_on(direction: Direction) -> None:
    assert outcome(*UP_TO_TP2, direction=direction)[0] == "tp2"
    assert outcome(*UP_TO_TP2, (5.0, 5.1, 4.6, 4.8), direction=direction)[1][-1] == (
        "trailed",
        "4.6",
    )


@BOTH
def test_trailing_stop_follows_the_best_price_and_never_goes_back(direction: Direction) -> None:
    path = (*UP_TO_TP2, (5.0, 6.2, 4.7, 5.9), (5.9, 6.0, 5.3, 5.5))
    course = course_of(*path, direction=direction)
    assert course.extreme is not None
    assert direction.sign * (course.extreme - 100) == Decimal("6.2")
    assert direction.sign * (course.stop - 100) == Decimal("5.2")


@BOTH
def test_wide_trail_does_not_loosen_the_stop(direction: Direction) -> None:
    signal = make_round_signal(direction)
    signal = replace(signal, plan=replace(signal.plan, atr=Decimal(4)))
    course, _ = follow(signal, make_minutes(UP_TO_TP2, direction))
    assert direction.sign * (course.stop - 100) == 3


@BOTH
def test_trailing_stop_gapped_fills_at_the_open(direction: Direction) -> None:
    assert outcome(*UP_TO_TP2, (4.1, 4.2, 4.0, 4.1), direction=direction) == (
        "trailed",
        [("tp1", "3"), ("tp2", "5"), ("trailed", "4.1")],
    )


@BOTH
def test_trailing_stop_between_ticks_is_rounded_away_from_the_price(direction: Direction) -> None:
    course = course_of(*UP_TO_TP2, (5.0, 6.003, 4.7, 5.9), direction=direction)
    assert direction.sign * (course.stop - 100) == 5


# The longest hold


@BOTH
def test_longest_hold_closes_the_rest_at_the_close(direction: Direction) -> None:
    path = [ENTRY, *[QUIET] * 120]
    assert outcome(*path[:-1], direction=direction) == ("triggered", [])
    course = course_of(*path, direction=direction)
    assert exit_gains(course, direction) == [("max_hold", Decimal("0.5"))]
    assert course.ended_at == CLOSED_AT + timedelta(minutes=2) + timedelta(hours=2)


@BOTH
def test_longest_hold_closes_what_a_target_has_left(direction: Direction) -> None:
    path = [ENTRY, (1.0, 3.0, 0.9, 2.9), *[QUIET] * 119]
    assert outcome(*path, direction=direction) == (
        "max_hold",
        [("tp1", "3"), ("max_hold", "0.5")],
    )


def test_stop_in_the_last_candle_of_the_hold_comes_before_its_close() -> None:
    path = [ENTRY, *[QUIET] * 119, (0.4, 0.5, -2.5, 0.5)]
    assert course_of(*path).state is SignalState.STOPPED


# Results


def test_stop_costs_one_r_and_a_round_trip() -> None:
    course = course_of(ENTRY, (-1.0, -0.5, -2.0, -1.5))
    assert course.realised_r == Decimal("-1.075")  # (-2 - 0.15) / 2
    assert course.realised_percent == Decimal("-2.15")


def test_break_even_stop_pays_its_costs_exactly() -> None:
    course = course_of(ENTRY, (1.0, 3.0, 0.9, 2.9), (2.9, 3.0, 0.15, 0.5))
    # 40 % earn 3 less fees, funding and one slippage (0.13); the rest earns nothing.
    assert course.realised_r == Decimal("0.574")
    assert course.realised_percent == Decimal("1.148")


def test_all_targets_pay_slippage_once_only() -> None:
    course = course_of(ENTRY, (0.1, 8.5, 0.0, 8.2))
    gross = Decimal("0.4") * 3 + Decimal("0.4") * 5 + Decimal("0.2") * 8
    assert course.realised_percent == gross - Decimal("0.13")


def test_without_costs_the_result_is_the_gross_one() -> None:
    signal = make_round_signal(costs=NO_COSTS)
    course, _ = follow(signal, make_minutes([ENTRY, (0.1, 8.5, 0.0, 8.2)]))
    assert course.realised_r == Decimal("2.4")


def test_results_grow_with_the_closed_parts() -> None:
    (_, first, second) = steps_of(ENTRY, (1.0, 3.0, 0.9, 2.9), (2.9, 5.0, 2.8, 4.2))
    assert first.course.realised_r == Decimal("0.574")
    assert second.course.realised_r == Decimal("1.548")


# Order of candles


def test_candle_that_was_followed_already_changes_nothing() -> None:
    signal = make_round_signal()
    candles = make_minutes([ENTRY, (1.0, 3.0, 0.9, 2.9)])
    course, _ = follow(signal, candles)
    for candle in candles:
        assert advance(signal, course, candle) == (course, ())


def test_candle_before_publication_changes_nothing() -> None:
    signal = make_round_signal()
    course = start_course(signal)
    assert advance(signal, course, make_minute(ENTRY, -1)) == (course, ())


def test_candle_after_the_end_changes_nothing() -> None:
    signal = make_round_signal()
    course, _ = follow(signal, make_minutes([ENTRY, (-1.0, -0.5, -2.0, -1.5)]))
    assert advance(signal, course, make_minute(QUIET, 7)) == (course, ())


@pytest.mark.parametrize("number", [1, 30])
def test_candle_left_out_is_refused(number: int) -> None:
    signal = make_round_signal()
    with pytest.raises(StaleDataError, match=f"the {number} between"):
        advance(signal, start_course(signal), make_minute(ENTRY, number))


def test_candle_of_another_timeframe_is_refused() -> None:
    signal = make_round_signal()
    candle = replace(make_minute(ENTRY), timeframe=Timeframe.M5)
    with pytest.raises(InvalidDataError, match="1m"):
        advance(signal, start_course(signal), candle)
