"""When a supervisor or a load balancer is told that the bot cannot do its work."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.watching import unready
from engine.monitoring.values import HealthReading, StoreReading
from tests.builders.health import make_reading


@pytest.fixture
def well() -> HealthReading:
    return make_reading()


def test_a_bot_that_is_well_is_ready_and_so_is_one_not_read_yet(well: HealthReading) -> None:
    assert unready(well, well.at, is_ready=True) == []
    assert unready(None, well.at, is_ready=True) == []


def test_before_the_start_and_after_the_stop_it_is_not(well: HealthReading) -> None:
    assert unready(well, well.at, is_ready=False) == ["not started yet, or stopping"]


def test_each_trouble_is_a_reason(well: HealthReading) -> None:
    away = StoreReading(name="SQLite", error="locked", milliseconds=None)
    ill = replace(well, database=away, pairs_ready=0)
    late = well.at + timedelta(seconds=901)
    reasons = unready(ill, late, is_ready=True)
    assert [reason.split()[0] for reason in reasons] == ["nobody", "database:", "none"]
    assert unready(replace(well, speed=480.0), late, is_ready=True) == []
