"""The venue's clock, read across a network that takes its time."""

from datetime import datetime, timedelta

from exchanges.exchange_time import measure
from tests.unit.exchanges.fakes import NOON, ManualClock


class SlowVenue:
    """Reads its clock in the middle of each trip."""

    def __init__(self, clock: ManualClock, trips: list[float], ahead: timedelta) -> None:
        self._clock = clock
        self._trips = trips
        self._ahead = ahead

    async def fetch_exchange_time(self) -> datetime:
        trip = self._trips.pop(0)
        self._clock.advance(trip / 2)
        shown = self._clock.now() + self._ahead
        self._clock.advance(trip / 2)
        return shown


async def test_the_shortest_of_several_trips_is_dated_to_its_middle() -> None:
    clock = ManualClock()
    venue = SlowVenue(clock, [0.8, 0.1, 0.4], timedelta(seconds=3))
    begun = clock.monotonic()

    reading = await measure(venue, clock, samples=3)

    assert abs(reading.round_trip_seconds - 0.1) < 1e-9
    assert abs(reading.at_monotonic - (begun + 0.85)) < 1e-9
    assert reading.exchange_now == NOON + timedelta(seconds=3.85)
