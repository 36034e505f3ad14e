"""When the trigger fires: at every boundary of exchange time, and never twice at the same."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.candle_close_trigger import CandleCloseTrigger
from domain.timeframes import Timeframe, from_ms, to_ms
from tests.unit.app.test_clock import VENUE, Host

M15 = Timeframe.M15
NO_DELAY = timedelta(0)
SPEEDS = (1.0, 600.0)


class Planned:
    """A host whose clock stands at a venue's time, and a trigger on it."""

    def __init__(
        self,
        *,
        speed: float = 1.0,
        at: datetime = VENUE,
        timeframe: Timeframe = M15,
        delay: timedelta = NO_DELAY,
    ) -> None:
        self.host = Host(speed=speed)
        self.clock = self.host.clock
        self.clock.align(at, self.host.seconds)
        self.trigger = CandleCloseTrigger(self.clock, timeframe, delay)
        self.planned: datetime | None = None

    def plan(self) -> datetime:
        """The next firing, as exchange time shown when it was planned."""
        self.planned = self.trigger.get_next_fire_time(self.planned, self.host.wall)
        assert self.planned is not None
        return _to_the_millisecond(self.clock.exchange_time_of(self.planned))

    def wait(self) -> datetime:
        """Let time pass to the planned firing; exchange time then."""
        assert self.planned is not None
        self.host.pass_time((self.planned - self.host.wall).total_seconds())
        return _to_the_millisecond(self.clock.now())

    def correct(self, seconds: float) -> None:
        """The venue's clock turns out to be so far ahead of what was thought."""
        self.clock.align(self.clock.now() + timedelta(seconds=seconds), self.host.seconds)


def _to_the_millisecond(at: datetime) -> datetime:
    """Host time is told in microseconds, each of them 0.6 exchange milliseconds at speed 600."""
    return from_ms(to_ms(at))


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize(
    ("at", "first"),
    [
        (VENUE, VENUE + timedelta(minutes=15)),
        (VENUE + timedelta(seconds=1), VENUE + timedelta(minutes=15)),
        (VENUE - timedelta(seconds=1), VENUE),
        (VENUE + timedelta(minutes=14, seconds=59), VENUE + timedelta(minutes=15)),
    ],
)
def test_first_firing_is_at_the_next_boundary(speed: float, at: datetime, first: datetime) -> None:
    planned = Planned(speed=speed, at=at)
    assert planned.plan() == first
    assert planned.wait() == first


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("timeframe", Timeframe)
def test_firings_follow_each_other_boundary_by_boundary(speed: float, timeframe: Timeframe) -> None:
    planned = Planned(speed=speed, timeframe=timeframe)
    for number in range(1, 6):
        planned.plan()
        assert planned.wait() == VENUE + number * timeframe.length


@pytest.mark.parametrize("speed", SPEEDS)
def test_delay_is_counted_in_exchange_time(speed: float) -> None:
    planned = Planned(speed=speed, timeframe=Timeframe.M1, delay=timedelta(seconds=2))
    for number in range(3):
        planned.plan()
        assert planned.wait() == VENUE + timedelta(minutes=number, seconds=2)


def test_within_the_delay_after_a_boundary_the_firing_is_still_to_come() -> None:
    planned = Planned(at=VENUE + timedelta(seconds=1), delay=timedelta(seconds=2))
    assert planned.plan() == VENUE + timedelta(seconds=2)


def test_late_look_at_a_firing_plans_those_in_between_too() -> None:
    planned = Planned()
    planned.plan()
    planned.host.pass_time(3600)
    fired = [planned.plan() for _ in range(4)]
    assert fired == [VENUE + timedelta(minutes=minutes) for minutes in (30, 45, 60, 75)]


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("correction", [-20.0, -0.05, 0.05, 20.0])
def test_after_an_alignment_the_next_boundary_follows_and_not_the_same_again(
    speed: float, correction: float
) -> None:
    planned = Planned(speed=speed)
    planned.plan()
    planned.correct(correction)
    planned.wait()
    assert planned.plan() == VENUE + timedelta(minutes=30)
    assert planned.wait() == VENUE + timedelta(minutes=30)


@settings(max_examples=100)
@given(
    speed=st.sampled_from(SPEEDS),
    corrections=st.lists(st.floats(-200, 200), min_size=1, max_size=20),
)
def test_each_boundary_fires_once_whatever_the_alignments(
    speed: float, corrections: list[float]
) -> None:
    planned = Planned(speed=speed)
    for number, correction in enumerate(corrections, start=1):
        assert planned.plan() == VENUE + number * M15.length
        planned.correct(correction)
        planned.wait()


@pytest.mark.parametrize("minutes", [-7, 0, 7])
def test_firing_near_an_instant_is_found_on_either_side(minutes: int) -> None:
    planned = Planned(delay=timedelta(seconds=2))
    near = VENUE + timedelta(minutes=minutes)
    assert planned.trigger.due_near(near) == VENUE + timedelta(seconds=2)
