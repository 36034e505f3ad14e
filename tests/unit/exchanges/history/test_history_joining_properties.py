"""Joining candles: exact sums, and joins of joins."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.candles import TAKER_BUY_VOLUME, VOLUME, CandleSeries
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from exchanges.history import CandleTable, join_candles
from exchanges.history.joining import join_table
from exchanges.history.table import series_of
from tests.unit.exchanges.history.recorded_candles import JULY_MS, candles, columns_of, same

M1, M5, M15, H1 = Timeframe.M1, Timeframe.M5, Timeframe.M15, Timeframe.H1
first_minutes = st.integers(JULY_MS // M1.milliseconds, JULY_MS // M1.milliseconds + 200)


@given(first=first_minutes, count=st.integers(1, 400), seed=st.integers(0, 99))
def test_a_join_of_joins_is_the_direct_join(first: int, count: int, seed: int) -> None:
    minutes = series_of(M1, first, columns_of(count, seed=seed))

    direct = join_candles(minutes, H1)
    fives = join_candles(minutes, M5)
    quarters = None if fives is None else join_candles(fives, M15)
    stepwise = None if quarters is None else join_candles(quarters, H1)

    if direct is None:
        assert stepwise is None
    else:
        assert stepwise is not None
        assert stepwise.first_index == direct.first_index
        assert bytes(stepwise.columns) == bytes(direct.columns)


@given(
    texts=st.lists(st.decimals(min_value=0, max_value=10**6, places=4), min_size=15, max_size=15)
)
def test_a_sum_has_the_bits_of_the_decimal_that_the_venue_prints(texts: list[Decimal]) -> None:
    columns = columns_of(15)
    columns[VOLUME] = [float(text) for text in texts]
    columns[TAKER_BUY_VOLUME] = columns[VOLUME]

    joined = join_candles(series_of(M1, JULY_MS // M1.milliseconds, columns), M15)

    assert joined is not None
    assert joined.value(VOLUME, 0) == float(str(sum(texts)))
    assert joined.value(TAKER_BUY_VOLUME, 0) == float(str(sum(texts)))


def test_prices_are_the_first_the_extremes_and_the_last() -> None:
    parts = candles(3).series()

    joined = join_candles(parts, M15)

    assert joined is not None
    rows = np.asarray(parts.columns)
    assert joined.candle(0).values[:4] == (
        rows[0, 0],
        rows[1].max(),
        rows[2].min(),
        rows[3, -1],
    )


@given(first=first_minutes, count=st.integers(1, 120))
def test_incomplete_candles_at_the_edges_are_left_out(first: int, count: int) -> None:
    joined = join_candles(series_of(M1, first, columns_of(count)), M15)

    whole = [
        number
        for number in range(first // 15, (first + count) // 15 + 1)
        if first <= number * 15 and number * 15 + 15 <= first + count
    ]
    found = [] if joined is None else list(range(joined.first_index, joined.last_index + 1))
    assert found == whole


def test_an_unknown_taker_buy_volume_stays_unknown() -> None:
    columns = columns_of(6)
    columns[TAKER_BUY_VOLUME, 4] = np.nan

    joined = join_candles(series_of(M5, 0, columns), M15)

    assert joined is not None
    known = np.asarray(joined.columns)[TAKER_BUY_VOLUME]
    assert np.isnan(known).tolist() == [False, True]
    assert known[0] == pytest.approx(columns[TAKER_BUY_VOLUME, :3].sum())


def test_shorter_candles_cannot_be_made() -> None:
    with pytest.raises(InvalidDataError, match="15m candles cannot be joined to 5m"):
        join_candles(candles(3, M15).series(), M5)


def test_candles_of_the_same_length_are_the_same_series() -> None:
    series: CandleSeries = candles(3).series()

    assert join_candles(series, M5) is series


@given(without=st.sets(st.integers(0, 59), max_size=20))
def test_a_table_with_gaps_joins_only_what_is_whole(without: set[int]) -> None:
    table = join_table(candles(60, without=sorted(without)), M15)

    whole = [number for number in range(20) if not without & set(range(number * 3, number * 3 + 3))]
    full = CandleTable.of(_joined(candles(60)))
    assert same(table, full.rows_where(np.isin(np.arange(20), whole)))


def _joined(table: CandleTable) -> CandleSeries:
    joined = join_candles(table.series(), M15)
    assert joined is not None
    return joined
