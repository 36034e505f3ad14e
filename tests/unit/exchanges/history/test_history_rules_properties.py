"""The rules of recorded candles: they refuse what a candle refuses, and nothing else."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.candles import LOW, TAKER_BUY_VOLUME, VOLUME, Candle
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from exchanges.grids import finest_grid, on_decimal_grid
from exchanges.history.gaps import minute_text
from exchanges.history.rules import broken_rules, refuse_broken
from exchanges.history.table import CandleTable
from tests.unit.exchanges.history.recorded_candles import candles, columns_of

prices = st.sampled_from([-1.0, 0.0, 1.0, 2.0, 3.0, math.inf, math.nan])
volumes = st.sampled_from([-1.0, 0.0, 1.0, 5.0, math.inf, math.nan])


@given(row=st.tuples(prices, prices, prices, prices, volumes), at=st.integers(0, 4))
def test_a_row_is_impossible_where_a_candle_of_it_is(row: tuple[float, ...], at: int) -> None:
    table = candles(5, tells_taker_buys=False)
    columns = table.columns.copy()
    columns[: VOLUME + 1, at] = row

    broken = broken_rules(replace(table, columns=columns))

    assert [one.row for one in broken] == [at] * len(broken)
    assert bool(broken) == _is_impossible(row)


def _is_impossible(row: tuple[float, ...]) -> bool:
    opened, high, low, close, volume = row
    try:
        Candle(
            timeframe=Timeframe.M5,
            index=0,
            open=opened,
            high=high,
            low=low,
            close=close,
            volume=volume,
        )
    except InvalidDataError:
        return True
    return False


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_a_price_is_above_zero(low: float) -> None:
    table = candles(5)
    columns = table.columns.copy()
    columns[LOW, 2] = low

    (broken,) = broken_rules(replace(table, columns=columns))

    assert (broken.rule, broken.row, broken.rows) == ("impossible prices", 2, 1)


@pytest.mark.parametrize("taker_buys", [-1.0, 1e9, math.inf])
def test_taker_buys_lie_within_the_volume(taker_buys: float) -> None:
    table = candles(5)
    columns = table.columns.copy()
    columns[TAKER_BUY_VOLUME, 3] = taker_buys

    (broken,) = broken_rules(replace(table, columns=columns))

    assert (broken.rule, broken.row) == ("impossible volume", 3)


@given(rows=st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_rows_that_do_not_rise_are_broken_and_rising_ones_are_not(rows: list[int]) -> None:
    table = candles(10)
    shuffled = CandleTable(
        timeframe=table.timeframe, opened=table.opened[rows], columns=table.columns[:, rows]
    )

    rises = all(later > earlier for earlier, later in itertools.pairwise(rows))
    assert (not broken_rules(shuffled)) == rises


def test_an_open_time_off_the_boundaries_is_named_with_its_row() -> None:
    table = candles(5)
    opened = table.opened.copy()
    opened[2:] += 1

    with pytest.raises(
        InvalidDataError,
        match=r"file\.csv: line 12: 2025-07-01 00:10 .*off the boundaries of 5m candles "
        r"\(and 2 more rows\)\. Mend it",
    ):
        refuse_broken(
            replace(table, opened=opened),
            "file.csv",
            "Mend it",
            row_name=lambda row: f"line {row + 10}",
        )


def test_sound_candles_break_no_rule() -> None:
    assert broken_rules(candles(300)) == ()
    assert broken_rules(CandleTable.empty(Timeframe.M1)) == ()


@given(decimals=st.integers(0, 8), seed=st.integers(0, 99))
def test_the_decimals_of_a_grid_are_found_and_nothing_is_lost(decimals: int, seed: int) -> None:
    values = columns_of(20, seed=seed, decimals=decimals)[VOLUME]

    found, whole = on_decimal_grid(values)

    assert found <= decimals
    assert (whole / 10.0**found == values).all()


def test_numbers_with_too_many_digits_have_no_exact_place() -> None:
    with pytest.raises(InvalidDataError, match="too many digits"):
        finest_grid(np.array([1e17]))


def test_an_instant_that_cannot_be_meant_is_shown_as_its_number() -> None:
    assert minute_text(1_751_328_000_000_000) == "1751328000000000 ms"
