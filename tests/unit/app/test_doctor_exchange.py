"""The doctor's look at the exchange: whether it answers, its clock, the request weight."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import ExchangeClock
from app.doctor.check import CheckResult, Status
from app.doctor.exchange import examine_venue, judge_skew, judge_weight
from app.settings.sections import ExchangeSettings
from domain.errors import TemporaryVenueError, VenueRefusedError
from exchanges.exchange_time import ClockReading

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class FakeVenue:
    """Tells a time, or fails."""

    def __init__(self, answer: datetime | Exception) -> None:
        self._answer = answer

    async def fetch_exchange_time(self) -> datetime:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


async def _lines(venue: FakeVenue, settings: ExchangeSettings) -> list[CheckResult]:
    return [line async for line in examine_venue(venue, settings, ExchangeClock())]


async def test_a_venue_that_answers_is_ok() -> None:
    answers, clock = await _lines(FakeVenue(datetime.now(UTC)), ExchangeSettings())

    assert answers.status is Status.OK
    assert clock.status is Status.OK


@pytest.mark.parametrize(
    "error", [TemporaryVenueError("no route"), VenueRefusedError("451: not in your country")]
)
async def test_a_venue_that_does_not_answer_is_a_failure(error: Exception) -> None:
    (line,) = await _lines(FakeVenue(error), ExchangeSettings())

    assert line.status is Status.FAILURE
    assert str(error) in line.detail


async def test_the_time_of_a_simulated_venue_is_told_and_not_compared() -> None:
    settings = ExchangeSettings(rest_url="http://127.0.0.1:8700")

    answers, clock = await _lines(FakeVenue(NOON), settings)

    assert "http://127.0.0.1:8700" in answers.detail
    assert clock.status is Status.OK
    assert "2026-01-05 12:00:00" in clock.detail


@pytest.mark.parametrize(
    ("host_is_ahead_by", "status", "said"),
    [(0.4, Status.OK, "0.40 s ahead of"), (-90.0, Status.WARNING, "90.00 s behind")],
)
def test_a_clock_that_is_off_is_a_warning(
    host_is_ahead_by: float, status: Status, said: str
) -> None:
    reading = ClockReading(exchange_now=NOON, at_monotonic=100.0, round_trip_seconds=0.1)
    host_now = NOON + timedelta(seconds=host_is_ahead_by + 5)

    line = judge_skew(reading, host_now, 105.0)

    assert line.status is status
    assert said in line.detail


def test_weight_that_others_have_used_is_a_warning() -> None:
    assert judge_weight(7, 2400).status is Status.OK
    assert judge_weight(2000, 2400).status is Status.WARNING
