"""What /health is answered from."""

from domain.feeds import FeedState
from engine.health import ReadHealth
from engine.reports import StatusReport
from tests.builders.outside import make_feed_health
from tests.builders.reports import make_status


async def test_health_is_the_status_and_the_feeds_in_their_order() -> None:
    async def read_status() -> StatusReport:
        return make_status()

    feeds = [make_feed_health(name, FeedState.GOOD) for name in ("b", "a")]
    report = await ReadHealth(read_status=read_status, feeds=lambda: feeds)()
    assert report.status == make_status()
    assert report.feeds == tuple(feeds)
