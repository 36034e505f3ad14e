"""Boundaries and anchored windows."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidDataError
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, from_ms, to_ms

timeframes = st.sampled_from(Timeframe)
instants = st.integers(946_684_800_000, 4_102_444_800_000).map(from_ms)


@given(timeframe=timeframes, at=instants)
def test_every_instant_lies_between_its_boundaries(timeframe: Timeframe, at: datetime) -> None:
    before, after = timeframe.previous_boundary(at), timeframe.next_boundary(at)
    assert before <= at < after
    assert after - before == timeframe.length
    assert to_ms(before) % timeframe.milliseconds == 0
    assert timeframe.previous_boundary(before) == before
    assert timeframe.next_boundary(before) == after


@given(timeframe=timeframes, at=instants)
def test_newest_closed_candle_ends_at_the_previous_boundary(
    timeframe: Timeframe, at: datetime
) -> None:
    last = timeframe.last_closed_index(to_ms(at))
    assert from_ms((last + 1) * timeframe.milliseconds) == timeframe.previous_boundary(at)
    assert timeframe.index_of(to_ms(at)) == last + 1


def test_candle_is_closed_at_its_boundary_and_not_a_millisecond_earlier() -> None:
    boundary = to_ms(datetime(2025, 10, 6, 14, 0, tzinfo=UTC))
    assert Timeframe.H1.last_closed_index(boundary - 1) + 1 == Timeframe.H1.last_closed_index(
        boundary
    )


@given(milliseconds=st.integers(0, 4_102_444_800_000))
def test_milliseconds_survive_the_way_there_and_back(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) == milliseconds


def test_instant_of_another_zone_is_the_same_instant() -> None:
    berlin = timezone(timedelta(hours=2))
    local = datetime(2025, 10, 6, 16, 0, tzinfo=berlin)
    assert from_ms(to_ms(local)) == datetime(2025, 10, 6, 14, 0, tzinfo=UTC)


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="no time zone"):
        to_ms(datetime(2025, 10, 6, 14, 0))  # noqa: DTZ001 - the very mistake


@given(timeframe=timeframes, index=st.integers(0, 30_000_000))
def test_window_holds_its_candle_and_enough_before_it(timeframe: Timeframe, index: int) -> None:
    window = ANCHORED_WINDOWS[timeframe]
    start = window.start_of(index)
    assert window.warmup <= index - start < window.depth


@given(timeframe=timeframes, index=st.integers(0, 30_000_000))
def test_window_moves_by_whole_blocks_only(timeframe: Timeframe, index: int) -> None:
    window = ANCHORED_WINDOWS[timeframe]
    moved = window.start_of(index + 1) - window.start_of(index)
    assert moved == (window.block if (index + 1) % window.block == 0 else 0)
