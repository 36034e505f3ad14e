"""Data and clock: what is not fresh is not traded on."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.breakers import Effect
from domain.timeframes import Timeframe
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.asking import only_ruling, tripped
from tests.unit.risk.data_builders import make_flow_snapshot, make_series, make_stale_snapshot
from tests.unit.risk.trade_builders import make_snapshot, make_state


def test_candles_as_of_the_boundary_are_fresh() -> None:
    assert tripped(make_state(), make_stale_snapshot(missing=0)) == []


@pytest.mark.parametrize("timeframe", list(Timeframe))
def test_a_missing_candle_of_any_timeframe_trips(timeframe: Timeframe) -> None:
    snapshot = make_snapshot()
    lagging = {**snapshot.candles, timeframe: make_series(timeframe, missing=1)}
    stale = replace(snapshot, candles=lagging)
    ruling = only_ruling(make_state(), stale)
    assert (ruling.breaker, ruling.effect) == ("data_health", Effect.BLOCK)
    assert f"{timeframe} candles end at" in ruling.text


def test_hourly_candles_end_at_the_hour_before_the_boundary() -> None:
    as_of = CLOSED_AT + timedelta(minutes=15)
    candles = {timeframe: make_series(timeframe, as_of=as_of) for timeframe in Timeframe}
    assert candles[Timeframe.H1].closed_at == CLOSED_AT
    fresh = replace(make_snapshot(), as_of=as_of, candles=candles)
    assert tripped(make_state(), fresh) == []


def test_streamed_book_that_is_missing_trips_and_says_why() -> None:
    snapshot = make_flow_snapshot(has_book=False, problem="it is crossed")
    ruling = only_ruling(make_state(), snapshot)
    assert ruling.breaker == "data_health"
    assert "it is crossed" in ruling.text
    assert "has not come" in only_ruling(make_state(), make_flow_snapshot(has_book=False)).text


def test_book_that_is_there_or_not_streamed_at_all_is_fine() -> None:
    assert tripped(make_state(), make_flow_snapshot(has_book=True)) == []
    assert tripped(make_state(), make_snapshot()) == []


@pytest.mark.parametrize(
    ("age", "is_blocked"), [(None, False), (0.0, False), (900.0, False), (900.1, True)]
)
def test_clock_that_was_not_measured_for_a_quarter_of_an_hour_blocks_all_pairs(
    age: float | None, is_blocked: bool
) -> None:
    expected = ["clock_health"] if is_blocked else []
    assert tripped(make_state(clock_age_seconds=age)) == expected
    assert tripped(make_state(clock_age_seconds=age), symbol="ETHUSDT") == expected


def test_clock_says_how_old_it_is() -> None:
    assert "20 minutes ago" in only_ruling(make_state(clock_age_seconds=1200.0)).text
    assert "never measured" in only_ruling(make_state(clock_age_seconds=math.inf)).text
