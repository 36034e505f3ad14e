"""The simulator's clock: speed, hold, end."""

import pytest

from domain.errors import ConfigurationError
from exchanges.simulator import SimulatorClock
from tests.unit.simulator.conftest import HandClock


def started(speed: float) -> tuple[SimulatorClock, HandClock]:
    wall = HandClock()
    clock = SimulatorClock(1_000_000, speed, wall)
    clock.start()
    return clock, wall


def test_time_stands_at_the_start_until_started() -> None:
    wall = HandClock()
    clock = SimulatorClock(1_000_000, 60.0, wall)
    wall.seconds += 10
    assert clock.now_ms() == 1_000_000
    assert clock.held

    clock.start()
    assert clock.now_ms() == 1_000_000


@pytest.mark.parametrize("speed", [0.5, 1.0, 3600.0])
def test_time_runs_at_its_speed(speed: float) -> None:
    clock, wall = started(speed)
    wall.seconds += 2
    assert clock.now_ms() == 1_000_000 + 2000 * speed


def test_starting_twice_changes_nothing() -> None:
    clock, wall = started(10.0)
    wall.seconds += 1
    clock.start()
    assert clock.now_ms() == 1_010_000


def test_held_time_stands_and_released_time_runs_on_from_there() -> None:
    clock, wall = started(10.0)
    wall.seconds += 1
    clock.hold()
    wall.seconds += 50
    assert clock.now_ms() == 1_010_000

    clock.release()
    clock.release()
    wall.seconds += 1
    assert clock.now_ms() == 1_020_000


def test_holding_twice_loses_nothing() -> None:
    clock, wall = started(10.0)
    wall.seconds += 1
    clock.hold()
    clock.hold()
    assert clock.now_ms() == 1_010_000


def test_time_never_passes_the_earliest_end() -> None:
    clock, wall = started(1.0)
    clock.end_by(1_500_000)
    clock.end_by(1_200_000)
    clock.end_by(1_900_000)
    assert not clock.ended

    wall.seconds += 1000
    assert clock.now_ms() == 1_200_000
    assert clock.ended


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_clock_that_does_not_run_forward_is_refused(speed: float) -> None:
    with pytest.raises(ConfigurationError, match=f"speed is {speed}"):
        SimulatorClock(0, speed, HandClock())
