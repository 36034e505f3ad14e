"""The scheduled polls: the newest round of each is kept, and what failed is told once a round."""

import pytest
from structlog.testing import capture_logs

from app.polls import Polls
from domain.errors import TemporaryVenueError
from tests.unit.engine.polling import PollBench

REASON = "HTTP 502"


@pytest.fixture
def bench() -> PollBench:
    return PollBench(["BTCUSDT", "ETHUSDT"])


async def test_each_poll_keeps_its_newest_round_under_its_name(bench: PollBench) -> None:
    polls = Polls(poll=bench.poll)
    with capture_logs() as logs:
        await polls.open_interest()
        await polls.positioning()
        await polls.funding()
    assert list(polls.newest) == ["open interest", "positioning", "funding"]
    assert polls.newest["open interest"].answered == 2
    assert logs == []


async def test_a_failing_pair_is_told_with_the_venues_reason(bench: PollBench) -> None:
    bench.fail("ETHUSDT", TemporaryVenueError(REASON))
    polls = Polls(poll=bench.poll)
    with capture_logs() as logs:
        await polls.open_interest()
    assert [(each["poll"], each["failed"], each["asked"]) for each in logs] == [
        ("open interest", 1, 2)
    ]
    assert REASON in logs[0]["reason"]


async def test_the_round_after_a_failure_takes_its_place(bench: PollBench) -> None:
    bench.fail("ETHUSDT", TemporaryVenueError(REASON))
    polls = Polls(poll=bench.poll)
    await polls.open_interest()
    assert polls.newest["open interest"].failed == 1
    bench.facts.failures.clear()
    await polls.open_interest()
    assert polls.newest["open interest"].failed == 0
