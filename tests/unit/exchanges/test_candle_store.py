"""CandleStore: what is stored, what waits, what stays in doubt."""

import numpy as np
import pytest

from domain.candles import ClosedBy
from domain.errors import InvalidDataError
from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from exchanges.candle_store import CandleStore
from tests.unit.exchanges.fakes import rows_of, true_series, true_values

M1 = Timeframe.M1
FIRST = 10_000


def store_until(last: int, first: int = FIRST) -> CandleStore:
    store = CandleStore(M1)
    store.confirm(true_series(M1, first, last))
    return store


def assert_true(store: CandleStore, last: int) -> None:
    series = store.until(last)
    assert series is not None
    assert rows_of(series) == [true_values(i) for i in range(series.first_index, last + 1)]


def test_an_empty_store_misses_the_depth_of_its_window() -> None:
    depth = ANCHORED_WINDOWS[M1].depth

    assert CandleStore(M1).missing(FIRST) == (FIRST - depth + 1, depth)


def test_a_final_candle_is_appended() -> None:
    store = store_until(FIRST + 4)

    assert store.close(FIRST + 5, true_values(FIRST + 5))

    assert store.last_index == FIRST + 5
    assert store.missing(FIRST + 5) is None
    assert_true(store, FIRST + 5)


def test_a_final_candle_beyond_a_gap_waits_for_rest() -> None:
    store = store_until(FIRST + 4)

    assert not store.close(FIRST + 7, true_values(FIRST + 7))

    assert store.last_index == FIRST + 4
    assert store.missing(FIRST + 7) == (FIRST + 5, 3)
    store.confirm(true_series(M1, FIRST + 5, FIRST + 6))
    assert_true(store, FIRST + 7)


def test_finals_before_the_history_join_it_when_it_arrives() -> None:
    store = CandleStore(M1)
    store.close(FIRST + 5, true_values(FIRST + 5))
    store.close(FIRST + 6, true_values(FIRST + 6))

    store.confirm(true_series(M1, FIRST, FIRST + 4))

    assert_true(store, FIRST + 6)


def test_a_repeated_final_changes_nothing() -> None:
    store = store_until(FIRST + 4)

    assert not store.close(FIRST + 4, true_values(FIRST + 4))

    assert store.counts == {"duplicates": 1}
    assert store.last_index == FIRST + 4


def test_a_contradicting_final_is_in_doubt_until_rest_has_spoken() -> None:
    store = store_until(FIRST + 4)
    before = store.until(FIRST + 4)

    store.close(FIRST + 3, true_values(FIRST + 99))

    assert store.counts["contradictions"] == 1
    assert store.until(FIRST + 4) is None
    assert store.until(FIRST + 2) is not None
    assert store.missing(FIRST + 4) == (FIRST + 3, 2)
    store.confirm(true_series(M1, FIRST + 3, FIRST + 4))
    assert_true(store, FIRST + 4)
    assert before is not None
    assert store.counts["corrections"] == 0


def test_rest_overrules_a_stored_candle_without_touching_snapshots() -> None:
    store = store_until(FIRST + 4)
    wrong = true_values(FIRST + 99)
    store.close(FIRST + 5, wrong)
    snapshot = store.until(FIRST + 5)

    store.confirm(true_series(M1, FIRST + 5, FIRST + 5))

    assert snapshot is not None
    assert rows_of(snapshot)[-1] == wrong
    assert store.counts["corrections"] == 1
    assert_true(store, FIRST + 5)


def test_rest_overrules_a_final_that_waited() -> None:
    store = store_until(FIRST + 4)
    store.close(FIRST + 6, true_values(FIRST + 99))

    store.confirm(true_series(M1, FIRST + 5, FIRST + 6))

    assert store.counts["contradictions"] == 1
    assert_true(store, FIRST + 6)


def test_a_forming_candle_is_never_stored() -> None:
    store = store_until(FIRST + 4)

    store.show_forming(FIRST + 5)
    store.show_forming(FIRST + 6)

    assert store.last_index == FIRST + 4
    assert store.missing(FIRST + 5) == (FIRST + 5, 1)


def test_every_candle_remembers_how_it_was_closed() -> None:
    store = store_until(FIRST)
    store.close(FIRST + 1, true_values(FIRST + 1))
    store.show_forming(FIRST + 2)
    store.show_forming(FIRST + 3)
    store.confirm(true_series(M1, FIRST + 2, FIRST + 2))
    store.confirm(true_series(M1, FIRST + 3, FIRST + 3))

    closed_by = [candle.closed_by for candle in store.candles(FIRST, FIRST + 3)]

    assert closed_by == [
        ClosedBy.REST,
        ClosedBy.FINAL_FLAG,
        ClosedBy.NEXT_CANDLE,
        ClosedBy.REST,
    ]


def test_a_gap_that_rest_leaves_is_refused() -> None:
    store = store_until(FIRST + 4)

    with pytest.raises(InvalidDataError, match="jump from number 10004 to 10006"):
        store.confirm(true_series(M1, FIRST + 6, FIRST + 7))

    assert store.last_index == FIRST + 4


def test_an_impossible_final_is_refused() -> None:
    store = store_until(FIRST + 4)

    with pytest.raises(InvalidDataError, match="impossible 1m candle"):
        store.close(FIRST + 5, (1.0, 0.5, 0.9, 1.0, 5.0, 1.0))

    assert store.missing(FIRST + 5) == (FIRST + 5, 1)


def test_after_a_long_absence_the_series_starts_over() -> None:
    store = store_until(FIRST + 4)
    due = FIRST + 5_000

    first, count = store.missing(due) or (0, 0)
    store.confirm(true_series(M1, first, first + count - 1))

    assert count == ANCHORED_WINDOWS[M1].depth
    assert store.first_index == first
    assert_true(store, due)


def test_old_candles_leave_but_the_window_stays() -> None:
    depth = ANCHORED_WINDOWS[M1].depth
    store = store_until(FIRST + depth - 1)
    for index in range(FIRST + depth, FIRST + 5 * depth):
        store.close(index, true_values(index))
        assert store.first_index is not None
        assert store.first_index <= index - depth + 1

    series = store.until(FIRST + 5 * depth - 1)

    assert series is not None
    assert depth <= len(series) < 3 * depth
    assert_true(store, FIRST + 5 * depth - 1)


def test_a_snapshot_costs_no_copy_and_cannot_be_written() -> None:
    store = store_until(FIRST + 4)

    one, other = store.until(FIRST + 4), store.until(FIRST + 3)

    assert one is not None
    assert other is not None
    assert np.shares_memory(np.asarray(one.columns), np.asarray(other.columns))
    assert one.columns.readonly
    assert all(row.flags.c_contiguous for row in np.asarray(one.columns))


def test_candles_whose_taker_volume_is_unknown_do_not_contradict_themselves() -> None:
    store = CandleStore(M1)
    unknown = (*true_values(FIRST + 4)[:5], float("nan"))
    store.confirm(true_series(M1, FIRST, FIRST + 3))
    store.close(FIRST + 4, unknown)

    store.close(FIRST + 4, unknown)

    assert store.counts == {"duplicates": 1}
