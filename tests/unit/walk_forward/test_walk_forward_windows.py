"""How a span of days is cut into train and test."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidDataError
from domain.lifecycle import LifecycleParameters
from engine.issue import IssueParameters
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.windows import followed_windows, longest_life, windows_of
from tests.builders.walk_forward import day

LIFE = timedelta(hours=2, minutes=30)


def test_windows_roll_with_purge_and_embargo_between_train_and_test() -> None:
    parameters = WalkForwardParameters(train_days=60, test_days=30, step_days=30, embargo_days=1)
    first, second = windows_of(day(0), day(121), parameters, LIFE)
    assert (first.number, first.train_start, first.train_end) == (1, day(0), day(60) - LIFE)
    assert (first.test_start, first.test_end) == (day(61), day(91))
    assert (second.number, second.train_start) == (2, day(30))
    assert (second.test_start, second.test_end) == (day(91), day(121))


def test_a_part_of_a_day_is_left_out_at_both_ends() -> None:
    parameters = WalkForwardParameters(train_days=3, test_days=1, step_days=1, embargo_days=0)
    (only,) = windows_of(
        day(0) + timedelta(minutes=15), day(5) + timedelta(hours=23), parameters, LIFE
    )
    assert (only.train_start, only.test_end) == (day(1), day(5))


def test_a_purge_that_is_set_counts_where_it_is_longer_than_a_life() -> None:
    short = WalkForwardParameters(train_days=3, test_days=1, step_days=1, purge_hours=1)
    long = WalkForwardParameters(train_days=3, test_days=1, step_days=1, purge_hours=12)
    assert windows_of(day(0), day(5), short, LIFE)[0].train_end == day(3) - LIFE
    assert windows_of(day(0), day(5), long, LIFE)[0].train_end == day(3) - timedelta(hours=12)


@pytest.mark.parametrize("train_days", [8, 10])
def test_a_purge_that_leaves_no_day_to_train_on_is_refused(train_days: int) -> None:
    parameters = WalkForwardParameters(
        train_days=train_days, test_days=4, step_days=4, purge_hours=240
    )
    says = rf"the purge takes 240 of the {train_days * 24} hours to train on, .*--train-days"
    with pytest.raises(InvalidDataError, match=says):
        windows_of(day(0), day(40), parameters, LIFE)


def test_a_purge_that_leaves_a_day_to_train_on_is_taken() -> None:
    parameters = WalkForwardParameters(train_days=11, test_days=4, step_days=4, purge_hours=240)
    assert windows_of(day(0), day(40), parameters, LIFE)[0].train_end == day(1)


def test_too_short_a_history_says_what_is_there_and_what_is_needed() -> None:
    with pytest.raises(InvalidDataError, match=r"it has 85 whole days, and 91 are needed \(60 to"):
        windows_of(day(0), day(85), WalkForwardParameters(), LIFE)


def test_the_last_test_ends_a_life_before_the_candles_do() -> None:
    parameters = WalkForwardParameters(train_days=3, test_days=1, step_days=1, embargo_days=0)
    windows = windows_of(day(0), day(5), parameters, LIFE)
    first, last = followed_windows(windows, day(5), LIFE)
    assert (first, last.test_end) == (windows[0], day(5) - LIFE)
    assert followed_windows(windows, day(5) + LIFE, LIFE) == windows


def test_a_test_of_which_nothing_can_be_followed_is_left_out_or_refused() -> None:
    parameters = WalkForwardParameters(train_days=3, test_days=1, step_days=1, embargo_days=0)
    windows = windows_of(day(0), day(5), parameters, LIFE)
    (only,) = followed_windows(windows, day(5), timedelta(days=1))
    assert only == windows[0]
    with pytest.raises(InvalidDataError, match="too short for one window: a signal may live 2 day"):
        followed_windows(windows, day(5), timedelta(days=2))


def test_tests_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="tested twice"):
        WalkForwardParameters(test_days=30, step_days=29)


def test_the_longest_life_is_the_entry_window_and_the_hold() -> None:
    issuing = IssueParameters(entry_window_seconds=900.0)
    lifecycle = LifecycleParameters(maximum_hold_candles=8)
    assert longest_life(issuing, lifecycle) == timedelta(minutes=15 + 8 * 15 + 15)


@given(
    train=st.integers(2, 90),
    test=st.integers(1, 40),
    more=st.integers(0, 10),
    embargo=st.integers(0, 5),
    days=st.integers(1, 400),
)
def test_no_train_close_reaches_into_a_test_and_no_day_is_tested_twice(
    train: int, test: int, more: int, embargo: int, days: int
) -> None:
    parameters = WalkForwardParameters(
        train_days=train, test_days=test, step_days=test + more, embargo_days=embargo
    )
    if days < train + embargo + test:
        with pytest.raises(InvalidDataError):
            windows_of(day(0), day(days), parameters, LIFE)
        return
    windows = windows_of(day(0), day(days), parameters, LIFE)
    assert all(each.train_end + LIFE <= each.test_start for each in windows)
    assert all(one.test_end <= next_one.test_start for one, next_one in pairwise(windows))
    assert windows[-1].test_end <= day(days)
    assert day(days) - windows[-1].test_end < timedelta(days=parameters.step_days)
