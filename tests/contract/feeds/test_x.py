"""X: its recent search over HTTP."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from domain.errors import ConfigurationError, FeedError
from domain.feeds import FeedAnswer, FeedState
from domain.sentiment import Text, TextKind
from domain.timeframes import to_ms
from feeds.x import QUERY_LENGTH, XFeed, how_many_fit, search_query, tags_of, x_plan
from tests.contract.feeds.feed_server import FeedServer, asking
from tests.fakes.clock import AFTERNOON, HandClock

TOKEN = "AAAAAAAAAAAAAAAA%2Bsecret"
PATH = "/2/tweets/search/recent"


def post(**fields: Any) -> dict[str, Any]:
    """As the API documentation has it."""
    metrics = {
        "retweet_count": 3,
        "reply_count": 1,
        "like_count": 39,
        "quote_count": 0,
        "bookmark_count": 0,
        "impression_count": 900,
    }
    return {
        "id": "1975192000000000001",
        "edit_history_tweet_ids": ["1975192000000000001"],
        "author_id": "2244994945",
        "created_at": (AFTERNOON - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "lang": "en",
        "text": "$SOL breakout &amp; volume\n\nLFG 🚀 https://t.co/abc",
        "public_metrics": metrics,
    } | fields


def page(*posts: dict[str, Any]) -> dict[str, Any]:
    if not posts:
        return {"meta": {"result_count": 0}}
    meta = {
        "newest_id": posts[0]["id"],
        "oldest_id": posts[-1]["id"],
        "result_count": len(posts),
        "next_token": "b26v89c19zqg8o3f",
    }
    return {"data": list(posts), "meta": meta}


@asynccontextmanager
async def searching(
    answer: Any, folder: Path, clock: HandClock | None = None
) -> AsyncIterator[tuple[FeedServer, XFeed]]:
    plan = x_plan(bearer_token=TOKEN)
    asked = {"name": plan.name, "headers": plan.headers, "secrets": plan.secrets}
    async with asking({PATH: answer}, folder, **asked) as (server, provider):
        yield (
            server,
            XFeed(provider, clock or HandClock(), assets=lambda: frozenset({"SOL", "BTC"})),
        )


async def fetched(answer: Any, folder: Path) -> FeedAnswer:
    async with searching(answer, folder) as (_, feed):
        return await feed.fetch()


async def test_a_post_is_told_with_its_likes_and_reposts(tmp_path: Path) -> None:
    answer = await fetched(page(post()), tmp_path)
    assert answer.observations == (
        Text(
            provider="x",
            id="1975192000000000001",
            kind=TextKind.POST,
            author="2244994945",
            text="$SOL breakout & volume LFG 🚀 https://t.co/abc",
            published_ms=to_ms(AFTERNOON) - 120_000,
            reach=42,
        ),
    )


async def test_a_question_names_the_coins_and_goes_on_from_the_newest_post(tmp_path: Path) -> None:
    async with searching([page(post()), page()], tmp_path) as (server, feed):
        await feed.fetch()
        assert (await feed.fetch()).observations == ()
        await feed.fetch()
    queries = [dict(request.query) for request in server.asked]
    assert queries[0] == {
        "query": "($BTC OR $SOL) -is:retweet lang:en",
        "max_results": "25",
        "tweet.fields": "created_at,public_metrics,author_id,lang",
    }
    assert [query.get("since_id") for query in queries[1:]] == ["1975192000000000001"] * 2
    assert server.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


async def test_an_id_older_than_the_search_goes_back_is_not_asked_after(tmp_path: Path) -> None:
    clock = HandClock()
    async with searching(page(post()), tmp_path, clock) as (server, feed):
        await feed.fetch()
        clock.advance(timedelta(days=6, minutes=1).total_seconds())
        await feed.fetch()
    assert "since_id" not in server.asked[1].query


async def test_an_id_that_is_refused_is_not_asked_after_again(tmp_path: Path) -> None:
    refused = web.Response(status=400, text="'since_id' must be created after ...")
    async with searching([page(post()), refused, page()], tmp_path) as (server, feed):
        await feed.fetch()
        with pytest.raises(FeedError, match="HTTP 400"):
            await feed.fetch()
        await feed.fetch()
    assert ["since_id" in request.query for request in server.asked] == [False, True, False]


async def test_without_a_watched_coin_nothing_is_asked(tmp_path: Path) -> None:
    async with asking({PATH: page()}, tmp_path) as (server, provider):
        feed = XFeed(provider, HandClock(), assets=frozenset)
        with pytest.raises(FeedError, match="no coin is watched"):
            await feed.fetch()
        assert server.asked == []
        assert feed.health().state is FeedState.WAITING


async def test_an_error_instead_of_posts_is_a_refusal_not_a_changed_schema(tmp_path: Path) -> None:
    body = {"errors": [{"title": "Usage capped", "detail": "Monthly product cap"}]}
    async with searching(body, tmp_path) as (_, feed):
        with pytest.raises(FeedError, match="refused: Usage capped Monthly product cap"):
            await feed.fetch()
        assert feed.health().malformed == 0


async def test_an_error_about_one_post_does_not_cost_the_others(tmp_path: Path) -> None:
    errors = [{"title": "Not Found Error", "detail": "no user", "parameter": "author_id"}]
    assert len((await fetched(page(post()) | {"errors": errors}, tmp_path)).observations) == 1


async def test_one_odd_post_is_skipped_and_counted(tmp_path: Path) -> None:
    posts = [post(), post(id="1975192000000000000"), post(id="none")]
    async with searching(page(*posts), tmp_path) as (_, feed):
        assert len((await feed.fetch()).observations) == 2
        assert feed.health().malformed == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": []},
        {"meta": {"result_count": 5}},
        {"meta": {"count": 5}},
        {"statuses": [post()]},
        page(post(created_at="soon"), post(text=None)),
        page(post(created_at="2025-10-06T14:00:00")),
        page(post(created_at="2031-10-06T14:00:00Z")),
        page(post(public_metrics={"like_count": -1})),
        page(post(id="1" * 40)),
        b'{"data": [{"id": "1',
        b"null",
    ],
)
async def test_a_changed_schema_is_rejected_and_kept(body: Any, tmp_path: Path) -> None:
    async with searching(body, tmp_path) as (server, feed):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()
        assert feed.health().malformed == 1
        with pytest.raises(FeedError):
            await feed.fetch()
        assert "since_id" not in server.asked[1].query
    assert (tmp_path / "x.txt").exists()


async def test_a_hostile_post_is_nothing_but_short_plain_text(tmp_path: Path) -> None:
    hostile = post(text="\u202e<b>$BTC</b>\x00 &lt;script&gt;" + "A" * 20_000, author_id="x" * 99)
    (text,) = (await fetched(json.dumps(page(hostile)).encode(), tmp_path)).observations
    assert isinstance(text, Text)
    assert text.text.startswith("<b>$BTC</b> <script>AAA")
    assert (len(text.text), len(text.author)) == (500, 50)


async def test_the_token_ends_up_nowhere(tmp_path: Path) -> None:
    body = {"errors": [{"title": "Unauthorized", "detail": f"Bearer {TOKEN}"}]}
    with pytest.raises(FeedError) as caught:
        await fetched(body, tmp_path)
    assert TOKEN not in str(caught.value)


async def test_more_coins_than_fit_are_asked_for_in_turn(tmp_path: Path) -> None:
    coins = frozenset(f"C{chr(65 + one // 26)}{chr(65 + one % 26)}" for one in range(130))
    async with asking({PATH: page()}, tmp_path) as (server, provider):
        feed = XFeed(provider, HandClock(), assets=lambda: coins)
        for _ in range(3):
            await feed.fetch()
    queries = [request.query["query"] for request in server.asked]
    assert all(QUERY_LENGTH - 9 < len(query) <= QUERY_LENGTH for query in queries)
    assert queries[0].startswith("($CAA OR $CAB OR ")
    asked = {tag.strip("($)") for query in queries for tag in query.split() if "$" in tag}
    assert asked == coins


def test_a_ticker_that_is_no_cashtag_is_asked_for_as_hashtag_or_not_at_all() -> None:
    coins = ["1INCH", "FARTCOIN", "BTC", "42", "a b", "X) OR (from:evil", "币安人生", ""]
    tags = tags_of(coins)
    assert tags == ["#1INCH", "#FARTCOIN", "$BTC"]
    assert search_query(tags) == "(#1INCH OR #FARTCOIN OR $BTC) -is:retweet lang:en"
    assert how_many_fit(["$" + "X" * 600]) == 0


@pytest.mark.parametrize("posts", [9, 101])
async def test_a_number_of_posts_that_the_search_refuses_is_refused_at_start(
    posts: int, tmp_path: Path
) -> None:
    async with asking({}, tmp_path) as (_, provider):
        with pytest.raises(ConfigurationError, match="give 10 to 100"):
            XFeed(provider, HandClock(), assets=frozenset, posts=posts)
