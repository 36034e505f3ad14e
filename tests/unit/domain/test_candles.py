"""A candle and a series: what can be built, and what is read back."""

import math
from array import array
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.candles import CLOSE, COLUMN_COUNT, HIGH, Candle, CandleSeries
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe

CANDLE = Candle(
    timeframe=Timeframe.M15, index=100, open=10.0, high=12.0, low=9.0, close=11.0, volume=5.0
)
INFINITE, UNKNOWN = float("inf"), float("nan")


def test_candle_opens_on_its_number_and_closes_where_the_next_one_opens() -> None:
    assert CANDLE.opened_at == datetime(1970, 1, 2, 1, 0, tzinfo=UTC)
    assert CANDLE.closed_at == datetime(1970, 1, 2, 1, 15, tzinfo=UTC)
    assert replace(CANDLE, index=101).opened_at == CANDLE.closed_at


@pytest.mark.parametrize(
    "changes",
    [
        {"high": 10.9},
        {"low": 10.1},
        {"low": 0.0},
        {"low": -1.0},
        {"high": INFINITE},
        {"high": INFINITE, "close": INFINITE},
        {"open": UNKNOWN},
        {"high": UNKNOWN},
        {"low": UNKNOWN},
        {"close": UNKNOWN},
        {"volume": -0.1},
        {"volume": UNKNOWN},
        {"volume": INFINITE},
    ],
    ids=str,
)
def test_impossible_candle_cannot_be_built(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidDataError, match="1970-01-02T01:00"):
        replace(CANDLE, **changes)


def test_candle_in_which_nothing_happened_is_possible() -> None:
    still = replace(CANDLE, open=10.0, high=10.0, low=10.0, close=10.0, volume=0.0)
    assert still.values[:5] == (10.0, 10.0, 10.0, 10.0, 0.0)
    assert math.isnan(still.taker_buy_volume)


prices = st.floats(1e-9, 1e7)


@st.composite
def candle_runs(draw: st.DrawFn) -> list[Candle]:
    first = draw(st.integers(0, 30_000_000))
    rows = draw(st.lists(st.tuples(*[prices] * 4, st.floats(0, 1e12)), min_size=1, max_size=12))
    return [
        Candle(
            timeframe=Timeframe.M5,
            index=first + position,
            open=four[0],
            high=max(four),
            low=min(four),
            close=four[3],
            volume=volume,
            taker_buy_volume=volume / 2,
        )
        for position, (*four, volume) in enumerate(rows)
    ]


@given(candles=candle_runs())
def test_series_gives_back_the_very_candles_it_was_built_of(candles: list[Candle]) -> None:
    series = CandleSeries.of(candles)
    assert len(series) == len(candles)
    assert [series.candle(position) for position in range(len(series))] == candles
    assert series.candle(-1) == candles[-1]
    assert series.value(CLOSE, -1) == candles[-1].close
    assert series.value(HIGH, 0) == candles[0].high
    assert (series.last_index, series.closed_at) == (candles[-1].index, candles[-1].closed_at)
    assert np.asarray(series.columns).shape == (COLUMN_COUNT, len(candles))


@given(candles=candle_runs(), data=st.data())
def test_series_with_a_gap_cannot_be_built(candles: list[Candle], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(candles)))
    late = [replace(candle, index=candle.index + 1) for candle in candles[at:]]
    if at in (0, len(candles)):
        CandleSeries.of([*candles[:at], *late])
        return
    with pytest.raises(InvalidDataError, match="gap or wrong order"):
        CandleSeries.of([*candles[:at], *late])


def test_series_of_two_timeframes_cannot_be_built() -> None:
    with pytest.raises(InvalidDataError, match="gap or wrong order"):
        CandleSeries.of([CANDLE, replace(CANDLE, index=101, timeframe=Timeframe.M5)])


def test_series_of_no_candles_cannot_be_built() -> None:
    with pytest.raises(InvalidDataError, match="at least one"):
        CandleSeries.of([])


def test_series_cannot_be_written_to() -> None:
    series = CandleSeries.of([CANDLE])
    with pytest.raises(TypeError, match="read-only"):
        series.columns[CLOSE, 0] = 1.0


@pytest.mark.parametrize(
    "columns",
    [
        memoryview(array("d", [1.0] * 6)),
        memoryview(array("d", [1.0] * 5)).cast("B").cast("d", (5, 1)),
        memoryview(array("f", [1.0] * 6)).cast("B").cast("f", (6, 1)),
    ],
    ids=["one dimension", "five rows", "single precision"],
)
def test_columns_of_another_shape_are_refused(columns: "memoryview[float]") -> None:
    with pytest.raises(InvalidDataError, match="columns must"):
        CandleSeries(Timeframe.M15, 0, columns)
