"""Measures how the venue's clock stands against ours."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.ports.clock import Clock


class TellsTime(Protocol):
    """A venue that can be asked for its time."""

    async def fetch_exchange_time(self) -> datetime:
        """The venue's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """The venue's clock showed `exchange_now` when ours showed `at_monotonic` (wall seconds).

    Off by at most half of `round_trip_seconds`.
    """

    exchange_now: datetime
    at_monotonic: float
    round_trip_seconds: float


async def measure(venue: TellsTime, clock: Clock, *, samples: int = 5) -> ClockReading:
    """Ask the venue's time `samples` times and keep the answer with the shortest round trip.

    Each answer is dated to the middle of its round trip; the shortest bounds the error best
    (clock filter of NTP, RFC 5905 section 10). Raises what `fetch_exchange_time` raises.
    """
    readings = [await _read(venue, clock) for _ in range(samples)]
    return min(readings, key=lambda reading: reading.round_trip_seconds)


async def _read(venue: TellsTime, clock: Clock) -> ClockReading:
    sent = clock.monotonic()
    exchange_now = await venue.fetch_exchange_time()
    round_trip = clock.monotonic() - sent
    return ClockReading(
        exchange_now=exchange_now,
        at_monotonic=sent + round_trip / 2,
        round_trip_seconds=round_trip,
    )
