"""The providers of texts and their twins speak together, and the twins follow their market."""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.errors import FeedError
from domain.sentiment import SocialVolume, Text
from domain.timeframes import to_ms
from engine.ports.feeds import Feed
from feeds.lunarcrush import LunarCrushFeed, lunarcrush_plan
from feeds.news import NewsFeed
from feeds.provider import Provider
from feeds.reddit import RedditFeed
from feeds.simulator.lunarcrush import SimulatedLunarCrush
from feeds.simulator.news import SimulatedNews
from feeds.simulator.phrases import POSTS, Mood
from feeds.simulator.reddit import SimulatedReddit
from feeds.simulator.talk import Remark, Talk
from feeds.simulator.world import MINUTE_MS, World
from feeds.simulator.x import SimulatedX
from feeds.x import XFeed, x_plan
from tests.contract.feeds.chain_world import Twin, serving
from tests.contract.feeds.feed_server import provider_of
from tests.fakes.clock import AFTERNOON, HandClock

NOW_MS = to_ms(AFTERNOON)
HOUR_MS = 60 * MINUTE_MS


@dataclass
class SteadyMarket:
    """Every price rises by so many percent an hour."""

    percent_an_hour: float = 0.0

    def price(self, symbol: str, at_ms: int) -> float | None:
        return 100.0 * math.exp(self.percent_an_hour / 100 * (at_ms - NOW_MS) / HOUR_MS)

    def symbols(self) -> Sequence[str]:
        return ("1000PEPEUSDT", "ETHUSDT", "BTCUSDT", "USDCUSDT", "币安人生USDT", "SOLUSDT")


def world_of(percent_an_hour: float = 0.0, seed: int = 1) -> World:
    return World(SteadyMarket(percent_an_hour), seed=seed, now=lambda: NOW_MS)


@asynccontextmanager
async def asking(twin: Twin, name: str, folder: Path, **plan: Any) -> AsyncIterator[Provider]:
    async with serving(twin, name) as url, provider_of(url, folder, name=name, **plan) as provider:
        yield provider


async def texts_of(feed: Feed) -> list[Text]:
    return [one for one in (await feed.fetch()).observations if isinstance(one, Text)]


async def headlines_of(site: str, folder: Path) -> list[Text]:
    async with asking(SimulatedNews(world_of()), f"news_{site}", folder) as provider:
        return await texts_of(NewsFeed(provider, HandClock()))


async def test_headlines_come_through_and_stories_run_on_several_sites(tmp_path: Path) -> None:
    coindesk = await headlines_of("coindesk", tmp_path)
    decrypt = await headlines_of("decrypt", tmp_path)
    assert len(coindesk) == len(decrypt) == 30
    assert {text.text for text in coindesk} & {text.text for text in decrypt}
    assert {text.id for text in coindesk}.isdisjoint(text.id for text in decrypt)
    assert all(NOW_MS - 24 * HOUR_MS < text.published_ms <= NOW_MS for text in coindesk)


async def test_headlines_that_did_not_change_are_not_sent_again(tmp_path: Path) -> None:
    async with (
        serving(SimulatedNews(world_of()), "news_decrypt") as url,
        httpx.AsyncClient() as http,
    ):
        first = await http.get(url)
        second = await http.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")


async def test_posts_of_reddit_come_through_without_pinned_and_removed(tmp_path: Path) -> None:
    async with asking(SimulatedReddit(world_of(0.5)), "reddit", tmp_path) as provider:
        texts = await texts_of(RedditFeed(provider, HandClock()))
        assert provider.health().malformed == 0
    assert 80 < len(texts) < 99
    assert len({text.id for text in texts}) == len(texts)
    assert not any("removed" in text.text or "Daily" in text.text for text in texts)


async def test_posts_of_x_name_the_coins_asked_for_and_go_on_from_the_last(tmp_path: Path) -> None:
    twin, headers = SimulatedX(world_of(1.0)), x_plan(bearer_token="demo-key").headers
    async with asking(twin, "x", tmp_path, headers=headers) as provider:
        feed = XFeed(provider, HandClock(), assets=lambda: frozenset({"BTC", "PEPE"}))
        first = await texts_of(feed)
        assert await texts_of(feed) == []
    assert len(first) == 25
    assert all("$BTC" in text.text or "$PEPE" in text.text for text in first)


async def test_lunarcrush_counts_every_coin_that_has_a_sane_name(tmp_path: Path) -> None:
    headers = lunarcrush_plan(api_key="demo-key").headers
    twin = SimulatedLunarCrush(world_of())
    async with asking(twin, "lunarcrush", tmp_path, headers=headers) as provider:
        answer = await LunarCrushFeed(provider).fetch()
    volumes = [one for one in answer.observations if isinstance(one, SocialVolume)]
    assert [volume.asset for volume in volumes] == ["BTC", "ETH", "SOL", "PEPE"]
    assert all(volume.mentions > 0 for volume in volumes)


async def test_lunarcrush_refuses_a_question_without_a_key(tmp_path: Path) -> None:
    async with asking(SimulatedLunarCrush(world_of()), "lunarcrush", tmp_path) as provider:
        with pytest.raises(FeedError, match="HTTP 401"):
            await LunarCrushFeed(provider).fetch()


async def test_x_refuses_a_question_without_a_token(tmp_path: Path) -> None:
    async with asking(SimulatedX(world_of()), "x", tmp_path) as provider:
        with pytest.raises(FeedError, match="HTTP 401"):
            await XFeed(provider, HandClock(), assets=lambda: frozenset({"BTC"})).fetch()


def said(percent_an_hour: float, hours: int = 12) -> list[Remark]:
    talk = Talk(world_of(percent_an_hour), "reddit", POSTS, slot_minutes=1, remarks_per_slot=3)
    return list(talk.newest_first(NOW_MS, hours))


def count_of(remarks: list[Remark], mood: Mood) -> int:
    return sum(remark.mood is mood for remark in remarks)


def test_talk_leans_the_way_the_market_goes_with_opinions_against() -> None:
    rising, falling, flat = said(1.5), said(-1.5), said(0.0)
    assert count_of(rising, Mood.BULLISH) > 2 * count_of(rising, Mood.BEARISH) > 0
    assert count_of(falling, Mood.BEARISH) > 2 * count_of(falling, Mood.BULLISH) > 0
    assert 0.7 < count_of(flat, Mood.BULLISH) / count_of(flat, Mood.BEARISH) < 1.4
    assert all(count_of(flat, mood) for mood in Mood)


def test_a_big_move_makes_people_talk() -> None:
    assert len(said(8.0)) > 2 * len(said(0.0)) > 0


def test_the_same_seed_says_the_same_and_another_does_not() -> None:
    assert said(1.0) == said(1.0)
    other = Talk(world_of(1.0, seed=2), "reddit", POSTS, slot_minutes=1, remarks_per_slot=3)
    assert said(1.0) != list(other.newest_first(NOW_MS, 12))


def test_nothing_is_said_before_its_time_and_later_answers_keep_what_was_said() -> None:
    talk = Talk(world_of(1.0), "reddit", POSTS, slot_minutes=1, remarks_per_slot=3)
    early = list(talk.newest_first(NOW_MS - HOUR_MS, 2))
    late = list(talk.newest_first(NOW_MS, 3))
    for instant_ms in range(NOW_MS - HOUR_MS, NOW_MS, 7 * 1_111):
        assert all(remark.at_ms <= instant_ms for remark in talk.newest_first(instant_ms, 1))
    assert [remark for remark in late if remark.at_ms <= NOW_MS - HOUR_MS][: len(early)] == early
    assert [r.at_ms for r in late] == sorted((r.at_ms for r in late), reverse=True)
