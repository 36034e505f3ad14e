"""alternative.me's index, on payloads of the documented shape."""

from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.feeds import FeedState
from domain.sentiment import FearGreed
from feeds.fear_greed import FearGreedFeed, fear_greed_plan
from tests.contract.feeds.feed_server import asking

TODAY = {"value": "22", "value_classification": "Extreme Fear", "timestamp": "1759708800"}
YESTERDAY = {"value": "27", "value_classification": "Fear", "timestamp": "1759622400"}


def index(*days: Any, error: str | None = None) -> dict[str, Any]:
    return {"name": "Fear and Greed Index", "data": [*days], "metadata": {"error": error}}


async def test_the_newest_days_are_told(tmp_path: Path) -> None:
    today = TODAY | {"time_until_update": "30000"}
    async with asking({"/fng/": index(today, YESTERDAY)}, tmp_path) as (server, provider):
        feed = FearGreedFeed(provider)
        answer = await feed.fetch()

        assert answer.observations == (
            FearGreed(value=22, published_ms=1_759_708_800_000),
            FearGreed(value=27, published_ms=1_759_622_400_000),
        )
        assert server.asked[0].query == {"limit": "2"}
        assert feed.health().state is FeedState.GOOD


async def test_without_metadata_it_reads_the_same(tmp_path: Path) -> None:
    async with asking({"": {"data": [TODAY]}}, tmp_path) as (_, provider):
        assert len((await FearGreedFeed(provider).fetch()).observations) == 1


async def test_an_error_in_words_is_no_malformed_answer(tmp_path: Path) -> None:
    async with asking({"": index(error="try later") | {"data": None}}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="the provider refused: try later"):
            await FearGreedFeed(provider).fetch()
        assert provider.health().malformed == 0


async def test_one_odd_day_is_skipped_among_good_ones(tmp_path: Path) -> None:
    payload = index(TODAY, YESTERDAY, TODAY | {"value": "-"})
    async with asking({"": payload}, tmp_path) as (_, provider):
        assert len((await FearGreedFeed(provider).fetch()).observations) == 2
        assert provider.health().malformed == 1


@pytest.mark.parametrize(
    "payload",
    [
        index(),
        {},
        {"data": {}},
        {"data": "none"},
        {"datas": [TODAY]},
        index(TODAY | {"value": "101"}),
        index(TODAY | {"value": "NaN"}),
        index(TODAY | {"value": "9" * 400}),
        index(TODAY | {"value": None}),
        index(TODAY | {"timestamp": "2025-10-06"}),
        index(TODAY | {"timestamp": 1_759_708_800_000}),
        index("<script>alert(1)</script>"),
        "<html>maintenance</html>",
    ],
)
async def test_what_makes_no_sense_is_refused_and_kept(tmp_path: Path, payload: Any) -> None:
    async with asking({"": payload}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="does not make sense"):
            await FearGreedFeed(provider).fetch()
        assert provider.health().malformed == 1
    assert (tmp_path / "provider.txt").exists()


def test_the_plan_asks_seldom() -> None:
    assert fear_greed_plan(base_url="http://here").every_seconds >= 600
