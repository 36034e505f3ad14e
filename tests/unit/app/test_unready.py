"""When a supervisor or a load balancer is told that the bot cannot do its work."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.watching import unready
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.values import HealthReading, StoreReading
from tests.builders.health import make_reading
from tests.fakes.clock import AFTERNOON

LIMITS = HealthParameters()


@pytest.fixture
def well() -> HealthReading:
    return make_reading()


def test_a_bot_that_is_well_is_ready_and_so_is_one_not_read_yet(well: HealthReading) -> None:
    assert unready(well, well.at, is_ready=True, parameters=LIMITS) == []
    assert unready(None, well.at, is_ready=True, parameters=LIMITS) == []


def test_before_the_start_and_after_the_stop_it_is_not(well: HealthReading) -> None:
    assert unready(well, well.at, is_ready=False, parameters=LIMITS) == [
        "not started yet, or stopping"
    ]


def test_each_trouble_is_a_reason(well: HealthReading) -> None:
    away = StoreReading(name="SQLite", error="locked", milliseconds=None)
    ill = replace(well, database=away, pairs_ready=0)
    late = well.at + timedelta(seconds=901)
    reasons = unready(ill, late, is_ready=True, parameters=LIMITS)
    assert [reason.split()[0] for reason in reasons] == ["nobody", "database:", "none"]
    assert unready(replace(well, speed=480.0), late, is_ready=True, parameters=LIMITS) == []


def test_right_after_a_close_candles_may_still_come_but_not_for_long() -> None:
    settling = make_reading(at=AFTERNOON + timedelta(seconds=59), pairs_ready=0)
    settled = replace(settling, at=AFTERNOON + timedelta(seconds=60))
    assert unready(settling, settling.at, is_ready=True, parameters=LIMITS) == []
    reasons = unready(settled, settled.at, is_ready=True, parameters=LIMITS)
    assert reasons == ["none of 4 pairs has whole candles"]


def test_an_empty_watchlist_is_a_reason_right_after_a_close_too() -> None:
    empty = make_reading(at=AFTERNOON, pairs_watched=0, pairs_ready=0)
    reasons = unready(empty, empty.at, is_ready=True, parameters=LIMITS)
    assert reasons == ["none of 0 pairs has whole candles"]
