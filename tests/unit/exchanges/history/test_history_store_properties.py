"""What is written is what is read, however it is cut up."""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.timeframes import Timeframe
from exchanges.history import HistoryStore
from exchanges.history.gaps import gap_free_parts, gaps_inside, gaps_within
from exchanges.history.merging import merged
from exchanges.history.months import Month, by_month, months_between
from exchanges.history.table import CandleTable
from tests.unit.exchanges.history.recorded_candles import DAY_MS, JULY_MS, candles, same

M5, M15, H1 = Timeframe.M5, Timeframe.M15, Timeframe.H1


@settings(max_examples=25)
@given(
    count=st.integers(1, 900),
    offset_days=st.integers(0, 40),
    without=st.sets(st.integers(0, 899), max_size=5),
    cut=st.integers(0, 900),
    seed=st.integers(0, 9),
)
def test_candles_come_back_bit_for_bit(
    count: int, offset_days: int, without: set[int], cut: int, seed: int
) -> None:
    table = candles(
        count,
        H1,
        start_ms=JULY_MS + offset_days * DAY_MS,
        seed=seed,
        without=sorted(one for one in without if one < count),
    )
    with TemporaryDirectory() as folder:
        store = HistoryStore(Path(folder))
        first = store.write("BTCUSDT", table.rows(cut, len(table)))
        second = store.write("BTCUSDT", table.rows(0, cut))
        again = store.write("BTCUSDT", table)

        assert first.added + second.added == len(table)
        assert (again.added, again.changed) == (0, 0)
        assert same(store.candles("BTCUSDT", H1), table)


@given(
    count=st.integers(1, 60),
    without=st.sets(st.integers(0, 59), max_size=20),
    first=st.integers(-10, 70),
    length=st.integers(0, 80),
)
def test_gaps_and_candles_make_up_a_span(
    count: int, without: set[int], first: int, length: int
) -> None:
    table = candles(count, without=sorted(one for one in without if one < count))
    start_ms = JULY_MS + first * M5.milliseconds
    end_ms = start_ms + length * M5.milliseconds

    gaps = gaps_within(table, start_ms, end_ms)

    missing = {at for gap in gaps for at in range(gap.start_ms, gap.end_ms, M5.milliseconds)}
    there = set(table.within(start_ms, end_ms).opened.tolist())
    assert missing | there == set(range(start_ms, end_ms, M5.milliseconds))
    assert not missing & there
    assert sum(gap.candles for gap in gaps) == len(missing)


@given(count=st.integers(0, 60), without=st.sets(st.integers(0, 59), max_size=20))
def test_parts_without_gaps_make_up_the_table(count: int, without: set[int]) -> None:
    table = candles(count, without=sorted(one for one in without if one < count))

    parts = gap_free_parts(table)

    assert all(len(part) and not gaps_inside(part) for part in parts)
    assert len(parts) == len(gaps_inside(table)) + (1 if len(table) else 0)
    assert same(CandleTable.joined(M5, parts), table)


@given(one=st.sets(st.integers(0, 40)), other=st.sets(st.integers(0, 40)))
def test_merging_is_the_union_in_order(one: set[int], other: set[int]) -> None:
    table = candles(41)
    known = table.rows_where(np.isin(np.arange(41), list(one)))
    new = table.rows_where(np.isin(np.arange(41), list(other)))

    result = merged(known, new, replace=False, place="here", mend="mend it")

    assert same(result.table, table.rows_where(np.isin(np.arange(41), list(one | other))))
    assert (result.added, result.changed) == (len(other - one), 0)


@given(start=st.integers(0, 4000), days=st.integers(0, 400))
def test_months_follow_each_other_over_a_span(start: int, days: int) -> None:
    start_ms, end_ms = start * DAY_MS, (start + days) * DAY_MS

    months = list(months_between(start_ms, end_ms))

    for month, following in itertools.pairwise(months):
        assert month.end_ms == following.start_ms
        assert month < following
    if months:
        assert months[0].start_ms <= start_ms < months[0].end_ms
        assert months[-1].start_ms < end_ms <= months[-1].end_ms
    assert bool(months) == (days > 0)
    assert all(Month.parse(str(month)) == month for month in months)


def test_candles_are_cut_by_the_month_they_open_in() -> None:
    table = candles(48, H1, start_ms=JULY_MS - DAY_MS)

    june, july = by_month(table)

    assert (str(june[0]), str(july[0])) == ("2025-06", "2025-07")
    assert (len(june[1]), len(july[1])) == (24, 24)
    assert july[1].first_ms == JULY_MS
