"""How long a round waits, whatever the speed of the venue's time."""

import pytest

from engine.timing import TimingParameters


@pytest.mark.parametrize(
    ("speed", "wall_seconds"), [(1.0, 6.0), (12.0, 0.5), (24.0, 0.25), (600.0, 0.25)]
)
def test_patience_shrinks_with_the_speed_down_to_what_a_socket_needs(
    speed: float, wall_seconds: float
) -> None:
    timing = TimingParameters(patience_seconds=6.0, least_patience_wall_seconds=0.25)
    assert timing.patience_wall_seconds(speed) == wall_seconds
