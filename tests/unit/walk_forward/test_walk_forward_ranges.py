"""What may be searched, and how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ConfigurationError
from engine.walk_forward.ranges import (
    DeclaredNumber,
    SearchParameters,
    SearchRange,
    parse_range,
    ranges_of,
    start_of,
)

DECLARED = {
    "confluence.medium_threshold": DeclaredNumber(value=65.0, low=50.0, high=100.0),
    "risk.lifecycle.maximum_hold_candles": DeclaredNumber(value=8, low=1, high=96),
}


def search(*ranges: str) -> tuple[SearchRange, ...]:
    return ranges_of(SearchParameters(ranges=ranges), DECLARED)


@pytest.mark.parametrize(
    ("text", "low", "high", "step", "is_log"),
    [
        ("confluence.medium_threshold 65 to 80", 65.0, 80.0, None, False),
        ("confluence.medium_threshold  0.5 to 2 , log", 0.5, 2.0, None, True),
        ("confluence.medium_threshold -1 to 1.5, step 0.25", -1.0, 1.5, 0.25, False),
    ],
)
def test_a_range_is_read_as_written(
    text: str, low: float, high: float, step: float | None, is_log: bool
) -> None:
    assert parse_range(text) == SearchRange(
        name="confluence.medium_threshold", low=low, high=high, step=step, is_log=is_log
    )


@pytest.mark.parametrize(
    "text",
    [
        "confluence.medium_threshold",
        "confluence.medium_threshold 65-80",
        "confluence.medium_threshold 80 to 65",
        "confluence.medium_threshold 65 to 65",
        "confluence.medium_threshold 0 to 65, log",
        "confluence.medium_threshold 65 to 80, step 0",
        "confluence.medium_threshold 65 to 80, step 16",
        "medium_threshold 65 to 80",
    ],
)
def test_a_range_that_makes_no_sense_is_refused_where_it_is_declared(text: str) -> None:
    with pytest.raises(ValueError, match="medium_threshold"):
        SearchParameters(ranges=(text,))


def test_the_same_parameter_twice_and_none_at_all_are_refused() -> None:
    twice = ("confluence.medium_threshold 65 to 80", "confluence.medium_threshold 50 to 60")
    for ranges in (twice, ()):
        with pytest.raises(ValueError, match="each only once"):
            SearchParameters(ranges=ranges)


def test_a_parameter_that_counts_is_searched_in_whole_numbers() -> None:
    (hold,) = search("risk.lifecycle.maximum_hold_candles 4 to 16")
    assert hold.is_whole
    with pytest.raises(ConfigurationError, match="only whole numbers"):
        search("risk.lifecycle.maximum_hold_candles 4.5 to 16")


def test_every_wrong_range_is_named_in_one_error() -> None:
    with pytest.raises(ConfigurationError) as refused:
        search("confluence.medium_threshold 40 to 80", "confluence.unheard_of 1 to 2")
    assert str(refused.value) == (
        "[search] of the strategy file: confluence.medium_threshold 40 to 80: allowed is "
        "50.0 to 100.0; confluence.unheard_of is no number of the strategy file"
    )


def test_the_own_values_are_tried_first_only_where_they_are_searched_at_all() -> None:
    within = search("confluence.medium_threshold 60 to 80, step 5")
    beyond = search("confluence.medium_threshold 66 to 80")
    between_steps = search("confluence.medium_threshold 61 to 80, step 5")
    assert start_of(within, DECLARED) == {"confluence.medium_threshold": 65.0}
    assert start_of(beyond, DECLARED) is None
    assert start_of(between_steps, DECLARED) is None


@given(low=st.floats(0.1, 5), width=st.floats(0.1, 5), is_log=st.booleans())
def test_places_run_from_0_to_1(low: float, width: float, is_log: bool) -> None:
    searched = SearchRange(name="a.b", low=low, high=low + width, is_log=is_log)
    middle = searched.place_of(low + width / 2)
    assert searched.place_of(low) == 0.0
    assert searched.place_of(low + width) == pytest.approx(1.0)
    assert 0.5 <= middle + 1e-12 < 1.0 + 1e-12
