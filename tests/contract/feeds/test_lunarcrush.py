"""LunarCrush: its list of coins over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.feeds import FeedAnswer
from domain.sentiment import SocialVolume
from feeds.lunarcrush import LunarCrushFeed, lunarcrush_plan
from tests.contract.feeds.feed_server import FeedServer, asking

KEY = "lc-secret-key-123"


def coin(**fields: Any) -> dict[str, Any]:
    """As the API documentation has it."""
    return {
        "id": 1,
        "symbol": "BTC",
        "name": "Bitcoin",
        "price": 122_000.5,
        "volume_24h": 61_000_000_000.12,
        "percent_change_24h": 1.2,
        "market_cap": 2_400_000_000_000.0,
        "market_cap_rank": 1,
        "interactions_24h": 98_765_432,
        "social_volume_24h": 120_345,
        "social_dominance": 22.1,
        "galaxy_score": 61.5,
        "alt_rank": 40,
        "sentiment": 80,
        "topic": "btc bitcoin",
    } | fields


def listed(*coins: dict[str, Any]) -> dict[str, Any]:
    config = {"sort": "market_cap_rank", "desc": False, "limit": 300, "page": 0}
    return {"config": config, "data": list(coins)}


@asynccontextmanager
async def lunarcrush(answer: Any, folder: Path) -> AsyncIterator[tuple[FeedServer, LunarCrushFeed]]:
    plan = lunarcrush_plan(api_key=KEY)
    asked = {"name": plan.name, "headers": plan.headers, "secrets": plan.secrets}
    async with asking({"/coins/list/v1": answer}, folder, **asked) as (server, provider):
        yield server, LunarCrushFeed(provider)


async def fetched(answer: Any, folder: Path) -> FeedAnswer:
    async with lunarcrush(answer, folder) as (_, feed):
        return await feed.fetch()


async def test_a_coin_is_told_with_its_mentions_and_tone(tmp_path: Path) -> None:
    async with lunarcrush(listed(coin()), tmp_path) as (server, feed):
        answer = await feed.fetch()
    assert answer.observations == (SocialVolume(asset="BTC", mentions=120_345, tone=0.6),)
    assert server.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in str(server.asked[0].url)


async def test_an_empty_list_is_a_good_answer(tmp_path: Path) -> None:
    assert (await fetched(listed(), tmp_path)).observations == ()


async def test_wrapped_coins_and_small_namesakes_stand_behind_the_coin_itself(
    tmp_path: Path,
) -> None:
    answer = await fetched(
        listed(
            coin(symbol="WBTC", social_volume_24h=7),
            coin(),
            coin(symbol="btc", social_volume_24h=3, sentiment=0),
            coin(symbol="$SCAM", social_volume_24h=9),
            coin(symbol="SOL", social_volume_24h=None),
            coin(symbol="ETH", social_volume_24h=0, sentiment=None),
        ),
        tmp_path,
    )
    assert answer.observations == (
        SocialVolume(asset="BTC", mentions=120_345, tone=0.6),
        SocialVolume(asset="ETH", mentions=0, tone=None),
    )


async def test_one_odd_coin_is_skipped_and_counted(tmp_path: Path) -> None:
    odd = coin(symbol="ETH", sentiment=140)
    async with lunarcrush(listed(coin(), coin(symbol="SOL"), odd), tmp_path) as (_, feed):
        assert len((await feed.fetch()).observations) == 2
        assert feed.health().malformed == 1


@pytest.mark.parametrize(
    "body",
    [
        {"error": "Invalid API key"},
        {"data": {"BTC": coin()}},
        [[coin()]],
        listed(coin(symbol=None), coin(symbol="")),
        listed(coin(social_volume_24h="many")),
        listed(coin(sentiment=-1), coin(social_volume_24h=-4)),
        b'{"data": [{"symbol": "BTC", "social_volume_24h": Infinity}]}',
        b'{"data": [{"symbol": "BTC", "soc',
        b"",
    ],
)
async def test_a_changed_schema_is_rejected_and_kept(body: Any, tmp_path: Path) -> None:
    async with lunarcrush(body, tmp_path) as (_, feed):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()
        assert feed.health().malformed == 1
    assert (tmp_path / "lunarcrush.txt").exists()


async def test_a_key_that_is_repeated_to_us_ends_up_nowhere(tmp_path: Path) -> None:
    with pytest.raises(FeedError) as caught:
        await fetched({"error": f"key {KEY} is unknown", KEY: KEY}, tmp_path)
    assert KEY not in str(caught.value)
    assert KEY not in (tmp_path / "lunarcrush.txt").read_text()


async def test_a_refused_key_is_asked_once(tmp_path: Path) -> None:
    async with lunarcrush(401, tmp_path) as (server, feed):
        with pytest.raises(FeedError, match="HTTP 401"):
            await feed.fetch()
        assert len(server.asked) == 1
